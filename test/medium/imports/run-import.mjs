/** Imports the file whose import's id it is sent, in a process of its own, as a worker does, and can be killed. */
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { ConfigModule, loadConfig } from '#libs/config';
import { DatabaseModule } from '#libs/database';
import { ImportRunModule, ImportRunner } from '#libs/imports';
import { configureLogging } from '#libs/observability';
import { QueueModule } from '#libs/queue';
import { StorageModule } from '#libs/storage';

class Root {}

const config = loadConfig(process.env);
configureLogging({ level: config.logLevel, service: 'test' });
const imports = [
  ConfigModule.forRoot(config),
  DatabaseModule.forRoot({ applicationName: 'killed' }),
  QueueModule.forRoot(config),
  StorageModule.forRoot(),
  ImportRunModule,
];
const app = await NestFactory.createApplicationContext({ module: Root, imports }, { logger: false });
// The one that was killed may hold its lock for another moment.
process.on('message', async (importId) => {
  for (;;) await app.get(ImportRunner).run(importId);
});
process.send('ready');
