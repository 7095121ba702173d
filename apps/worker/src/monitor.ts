import { createServer, type Server, type ServerResponse } from 'node:http';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type AppConfig } from '#libs/config';
import { logger, metricsRegistry } from '#libs/observability';
import { JobQueue, observeQueues } from '#libs/queue';

/** `/metrics` and `/health/live` of the worker, on WORKER_PORT when it is set. */
@Injectable()
export class Monitor implements OnApplicationBootstrap, OnApplicationShutdown {
  private server: Server | null = null;

  constructor(
    @Inject(CONFIG) private readonly config: AppConfig,
    private readonly queue: JobQueue,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { workerPort, host } = this.config;
    if (workerPort === null) return;
    observeQueues(this.queue);
    const server = createServer((request, response) => {
      answer(request.url ?? '/', response).catch((error: unknown) => {
        logger().error({ error }, 'monitor_failed');
        response.destroy();
      });
    });
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(workerPort, host, resolve);
    });
  }

  onApplicationShutdown(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }
}

async function answer(path: string, response: ServerResponse): Promise<void> {
  if (path === '/health/live') {
    response.setHeader('content-type', 'application/json').end('{"status":"ok"}');
  } else if (path === '/metrics') {
    const metrics = await metricsRegistry.metrics();
    response.setHeader('content-type', metricsRegistry.contentType).end(metrics);
  } else {
    response.writeHead(404).end();
  }
}
