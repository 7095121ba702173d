import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Clock } from './clock.js';
import { readCall, type Answer } from './cloud/exchange.js';
import type { Vendor } from './cloud/vendor.js';
import { VendorCloud } from './cloud/vendor-cloud.js';
import { controlAnswer } from './control/control.js';
import { Life } from './people/life.js';
import { Person } from './people/person.js';
import { VENDORS } from './vendors/index.js';

export type VendorName = Vendor['name'];

export interface SimulatorOptions {
  /** 0: any free one. */
  readonly port?: number;
  /** Everything about the people follows from this. */
  readonly seed?: string;
  readonly people?: number;
  /** Time stands still there; without it, it is the machine's. */
  readonly nowMs?: number;
  /** Minutes between beats of continuous heart rate. */
  readonly beatMinutes?: number;
}

const CONTROL = '/control';
const SLOW_MS = 2_000;

/** A pretend cloud of several vendors on one address: `/whoop`, `/oura`, ... and `/control`. */
export class Simulator {
  readonly clouds: Readonly<Record<VendorName, VendorCloud>>;

  private constructor(
    readonly url: string,
    private readonly server: Server,
    readonly clock: Clock,
    readonly lives: readonly Life[],
    beatMinutes: number,
    seed: string,
  ) {
    const entries = VENDORS.map((vendor): [VendorName, VendorCloud] => {
      const root = `${url}/${vendor.name}`;
      return [vendor.name, new VendorCloud(vendor, { seed, now: clock.now, lives, beatMinutes, root })];
    });
    this.clouds = Object.fromEntries(entries) as Record<VendorName, VendorCloud>;
  }

  static async start(options: SimulatorOptions = {}): Promise<Simulator> {
    const { port = 0, seed = 'demo', people = 3, nowMs = null, beatMinutes = 5 } = options;
    const clock = new Clock(nowMs);
    const lives = Array.from({ length: people }, (_, at) => new Life(new Person(seed, at + 1), clock.now));
    const server = createServer();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const simulator = new Simulator(url, server, clock, lives, beatMinutes, seed);
    server.on('request', (request, response) => {
      simulator.handle(request, response).catch((error: unknown) => {
        response.destroy(error instanceof Error ? error : undefined);
      });
    });
    return simulator;
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  /** Environment variables that make the platform talk to these clouds; `isUnlimited`: as fast as it can. */
  settings({ isUnlimited = false } = {}): Record<string, string> {
    const perVendor = Object.values(this.clouds).map(({ vendor, application }): Record<string, string> => {
      const [name, root] = [vendor.name.toUpperCase(), `${this.url}/${vendor.name}`];
      return {
        [`${name}_CLIENT_ID`]: application.clientId,
        [`${name}_CLIENT_SECRET`]: application.clientSecret,
        [`${name}_API_BASE_URL`]: root,
        [`${name}_AUTHORIZE_URL`]: `${root}/oauth/authorize`,
        [`${name}_TOKEN_URL`]: `${root}/oauth/token`,
        ...(isUnlimited ? { [`${name}_RATE_LIMIT`]: '1000000/60' } : {}),
      };
    });
    return Object.assign({}, ...perVendor) as Record<string, string>;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, root] = /^(\/[a-z]+)/.exec(request.url ?? '') ?? [];
    if (root === CONTROL) {
      send(response, await controlAnswer(this, await readCall(request, CONTROL)));
      return;
    }
    const cloud = this.clouds[(root ?? '').slice(1) as VendorName] as VendorCloud | undefined;
    if (!cloud) {
      send(response, { status: 404, body: { error: 'no such cloud' } });
      return;
    }
    const { answer, fault } = await cloud.take(await readCall(request, root!));
    if (fault?.kind === 'slow') await pause(fault.delayMs ?? SLOW_MS);
    if (fault?.kind === 'cut') cut(response, answer);
    else send(response, answer);
  }
}

function send(response: ServerResponse, { status, headers = {}, body }: Answer): void {
  const isText = typeof body === 'string';
  const type = isText ? 'text/html' : 'application/json';
  response.writeHead(status, body === undefined ? headers : { 'Content-Type': type, ...headers });
  response.end(body === undefined ? undefined : isText ? body : JSON.stringify(body));
}

/** The line goes dead in the middle of the answer. */
function cut(response: ServerResponse, { status, body }: Answer): void {
  const text = JSON.stringify(body ?? {});
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': text.length + 1 });
  response.write(text.slice(0, Math.ceil(text.length / 2)));
  setImmediate(() => response.destroy());
}
