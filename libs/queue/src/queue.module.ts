import { BullModule } from '@nestjs/bullmq';
import { Module, type DynamicModule } from '@nestjs/common';
import { CONFIG, type AppConfig } from '#libs/config';
import { JobQueue } from './job-queue.js';
import { QUEUES } from './job-table.js';
import { chooseBackend, KEY_PREFIX, QueueConnection, type QueueRole } from './queue-connection.js';

/** Gives every module `JobQueue`. Jobs are run by `JobRunnerModule`, in the worker alone. */
@Module({})
export class QueueModule {
  static forRoot(config: AppConfig, role: QueueRole = 'producer'): DynamicModule {
    chooseBackend(config);
    return {
      module: QueueModule,
      global: true,
      imports: [
        QueueConnectionModule.forRole(role),
        BullModule.forRootAsync({
          inject: [QueueConnection],
          useFactory: (connection: QueueConnection) => ({ connection: connection.forProducers, prefix: KEY_PREFIX }),
        }),
        BullModule.registerQueue(...QUEUES.map((name) => ({ name }))),
      ],
      providers: [JobQueue],
      exports: [JobQueue],
    };
  }
}

@Module({})
class QueueConnectionModule {
  static forRole(role: QueueRole): DynamicModule {
    return {
      module: QueueConnectionModule,
      global: true,
      providers: [
        {
          provide: QueueConnection,
          inject: [CONFIG],
          useFactory: (config: AppConfig) => QueueConnection.open(config, role),
        },
      ],
      exports: [QueueConnection],
    };
  }
}
