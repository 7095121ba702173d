import { Controller, Get, Header, type OnModuleInit } from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import { Database, readBacklog, type Backlog } from '#libs/database';
import { Public } from '#libs/identity';
import { gauge, metricsRegistry } from '#libs/observability';
import { JobQueue, observeQueues } from '#libs/queue';

@Controller('metrics')
@Public()
export class MetricsController implements OnModuleInit {
  private reading: Promise<readonly Backlog[]> | null = null;

  constructor(
    private readonly db: Database,
    private readonly queue: JobQueue,
  ) {}

  onModuleInit(): void {
    observeQueues(this.queue);
    this.observeBacklog('rows', 'Rows of a table whose time has come, counted up to 10,000', ({ rows }) => rows);
    this.observeBacklog(
      'seconds',
      'How long the oldest of them has been waiting for a worker',
      ({ seconds }) => seconds,
    );
    gauge({
      name: 'platform_database_connections',
      help: 'Connections of this process to the database, and requests waiting for one',
      labels: ['state'],
      collect: (connections) => {
        const { totalCount, idleCount, waitingCount } = this.db.pool;
        connections.set({ state: 'active' }, totalCount - idleCount);
        connections.set({ state: 'idle' }, idleCount);
        connections.set({ state: 'waiting' }, waitingCount);
      },
    });
  }

  /** What this process measures, for Prometheus. Holds no personal data; keep it off the public side of a proxy. */
  @Get()
  @Header('Content-Type', metricsRegistry.contentType)
  @ApiExcludeEndpoint()
  metrics(): Promise<string> {
    return metricsRegistry.metrics();
  }

  private observeBacklog(unit: string, help: string, valueOf: (backlog: Backlog) => number): void {
    gauge({
      name: `platform_backlog_${unit}`,
      help,
      labels: ['table'],
      collect: async (backlog) => {
        for (const one of await this.backlog()) backlog.set({ table: one.table }, valueOf(one));
      },
    });
  }

  /** Both gauges are asked for together. */
  private backlog(): Promise<readonly Backlog[]> {
    this.reading ??= readBacklog(this.db).finally(() => {
      this.reading = null;
    });
    return this.reading;
  }
}
