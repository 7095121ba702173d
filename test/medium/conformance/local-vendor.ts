import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface VendorHit {
  /** Whose base path was called. */
  readonly provider: string;
  readonly method: string;
  /** Below the vendor's API base. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly authorization: string;
  /** Header `x-key`. */
  readonly key: string | undefined;
}

export interface VendorReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text goes out as it is, anything else as JSON; undefined: no body. */
  readonly body?: unknown;
  /** Says nothing at all until the client gives up. */
  readonly isSilent?: boolean;
  /** Cuts the connection. */
  readonly isCut?: boolean;
}

export type VendorBehaviour = (hit: VendorHit) => VendorReply;

/** A vendor's cloud on a port of its own, that behaves as the test at hand wants it. One base path per provider. */
export class LocalVendor {
  readonly hits: VendorHit[] = [];
  behave: VendorBehaviour = () => ({});
  private server!: Server;

  static async open(): Promise<LocalVendor> {
    const vendor = new LocalVendor();
    vendor.server = createServer((request, response) => void vendor.answer(request, response));
    await new Promise<void>((resolve) => vendor.server.listen(0, '127.0.0.1', resolve));
    return vendor;
  }

  urlOf(provider: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${provider}`;
  }

  /** From now on it behaves like this, and has heard nothing before. */
  reset(behave: VendorBehaviour): void {
    this.hits.length = 0;
    this.behave = behave;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://vendor.invalid');
    const hit: VendorHit = {
      provider: url.pathname.split('/')[1] ?? '',
      method: request.method ?? 'GET',
      path: url.pathname.replace(/^\/[^/]+/, ''),
      query: url.searchParams,
      body: await text(request),
      authorization: request.headers.authorization ?? '',
      key: request.headers['x-key'] as string | undefined,
    };
    this.hits.push(hit);
    const { status = 200, headers = {}, body, isSilent, isCut } = this.behave(hit);
    if (isCut) response.destroy();
    if (isCut || isSilent) return;
    const content = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(content);
  }
}
