import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Answer = (response: ServerResponse, request: Received) => void;

/** An integrator's receiver on this machine: keeps what comes and answers as it is told, else 204. */
export class Sink {
  readonly received: Received[] = [];
  private readonly answers = new Map<string, Answer>();
  private server!: Server;

  static async open(): Promise<Sink> {
    const sink = new Sink();
    sink.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const one = { path: request.url!, headers: request.headers, body: Buffer.concat(chunks).toString() };
        sink.received.push(one);
        const answer = sink.answers.get(one.path);
        if (answer) answer(response, one);
        else response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => sink.server.listen(0, '127.0.0.1', resolve));
    return sink;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** From now on requests for `path` are answered so. */
  answer(path: string, answer: Answer): void {
    this.answers.set(path, answer);
  }

  at(path: string): Received[] {
    return this.received.filter((one) => one.path === path);
  }

  types(path: string): string[] {
    return this.at(path).map(({ body }) => (JSON.parse(body) as { type: string }).type);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** What both verifiers make of a delivery; throws where one of them refuses it. */
export function verified({ body, headers }: Received, secret: string): unknown {
  const texts = headers as Record<string, string>;
  const bySvix = new SvixWebhook(secret).verify(body, texts);
  const only = (prefix: string) =>
    Object.fromEntries(Object.entries(texts).filter(([name]) => name.startsWith(prefix)));
  new SvixWebhook(secret).verify(body, only('svix-'));
  new StandardWebhook(secret).verify(body, only('webhook-'));
  return bySvix;
}
