import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SECRET = 'bench-secret';

export interface Limit {
  readonly calls: number;
  readonly perSeconds: number;
}

/** A vendor that answers at once: everybody sleeps every night, trains every second day and recovers every morning. */
export class BenchVendor {
  calls = 0;
  /** Calls that were answered 429. */
  refused = 0;
  /** Whether the limit is held already. */
  isLimited = false;
  private readonly admittedMs: number[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
    private readonly limit: Limit | null,
  ) {}

  /** `limit`: in no span of that length more calls than these are answered. */
  static async start(limit: Limit | null = null): Promise<BenchVendor> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const vendor = new BenchVendor(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, limit);
    server.on('request', (request, response) => {
      if (!vendor.admits(request.url ?? '')) {
        response.writeHead(429, { 'Retry-After': '1' }).end();
        return;
      }
      vendor
        .answer(request)
        .then((body) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body)))
        .catch(() => response.destroy());
    });
    return vendor;
  }

  /** Settings that make the platform take it for WHOOP. */
  get settings(): Record<string, string> {
    return {
      WHOOP_CLIENT_ID: 'bench',
      WHOOP_CLIENT_SECRET: SECRET,
      WHOOP_API_BASE_URL: this.url,
      WHOOP_AUTHORIZE_URL: `${this.url}/authorize`,
      WHOOP_TOKEN_URL: `${this.url}/token`,
      WHOOP_RATE_LIMIT: this.limit ? `${this.limit.calls}/${this.limit.perSeconds}` : '9000000/60',
      HISTORICAL_SYNC_ON_CONNECT: 'false',
    };
  }

  /** Headers that prove a delivery. */
  sign(body: string): Record<string, string> {
    const at = String(Date.now());
    const signature = createHmac('sha256', SECRET)
      .update(at + body)
      .digest('base64');
    return { 'X-WHOOP-Signature-Timestamp': at, 'X-WHOOP-Signature': signature };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  /** Tokens are not counted, as nowhere. */
  private admits(path: string): boolean {
    if (!this.limit || !this.isLimited || path === '/token') return true;
    const nowMs = performance.now();
    while ((this.admittedMs[0] ?? Infinity) <= nowMs - this.limit.perSeconds * 1000) this.admittedMs.shift();
    const isAdmitted = this.admittedMs.length < this.limit.calls;
    if (isAdmitted) this.admittedMs.push(nowMs);
    else this.refused++;
    return isAdmitted;
  }

  private async answer(request: IncomingMessage): Promise<unknown> {
    const url = new URL(request.url ?? '/', this.url);
    if (url.pathname === '/token') {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const code = new URLSearchParams(Buffer.concat(chunks).toString()).get('code');
      return { access_token: `token-${code}`, refresh_token: 'r', token_type: 'bearer', expires_in: 86_400 };
    }
    this.calls++;
    const person = (request.headers.authorization ?? '').replace('Bearer token-', '');
    const id = /\/(?:workout|sleep)\/([^/]+)$/.exec(url.pathname)?.[1];
    if (id !== undefined) return workout(person, decodeURIComponent(id), Date.now() - HOUR_MS);
    if (url.pathname.endsWith('/profile/basic')) return { user_id: Number(person) };
    if (url.pathname.endsWith('/body')) return { height_meter: 1.8, weight_kilogram: 75 };
    const days = daysOf(url.searchParams);
    if (url.pathname.endsWith('/workout')) {
      return { records: days.filter((_, at) => at % 2 === 0).map((day) => workout(person, `w-${person}-${day}`, day)) };
    }
    if (url.pathname.endsWith('/sleep')) return { records: days.map((day) => sleep(person, day)) };
    return { records: days.map((day) => recovery(person, day)) };
  }
}

function daysOf(query: URLSearchParams): number[] {
  const [from, to] = [Date.parse(query.get('start') ?? ''), Date.parse(query.get('end') ?? '')];
  const days: number[] = [];
  for (let day = Math.ceil(from / DAY_MS) * DAY_MS; day + 10 * HOUR_MS < to; day += DAY_MS) days.push(day);
  return days;
}

const iso = (ms: number): string => new Date(ms).toISOString();

const workout = (person: string, id: string, startMs: number): object => ({
  ...{ id, user_id: Number(person), created_at: iso(startMs), updated_at: iso(startMs), start: iso(startMs) },
  ...{ end: iso(startMs + HOUR_MS / 2), timezone_offset: '+01:00', sport_name: 'running', score_state: 'SCORED' },
  score: { strain: 9.5, average_heart_rate: 131, max_heart_rate: 172, kilojoule: 1400, zone_durations: {} },
});

const sleep = (person: string, day: number): object => ({
  ...{ id: `s-${person}-${day}`, user_id: Number(person), start: iso(day), end: iso(day + 8 * HOUR_MS), nap: false },
  ...{ created_at: iso(day + 9 * HOUR_MS), updated_at: iso(day + 9 * HOUR_MS), timezone_offset: '+01:00' },
  score_state: 'SCORED',
  score: {
    stage_summary: {
      ...{ total_in_bed_time_milli: 8 * HOUR_MS, total_awake_time_milli: HOUR_MS / 2 },
      ...{ total_light_sleep_time_milli: 4 * HOUR_MS, total_slow_wave_sleep_time_milli: 2 * HOUR_MS },
      total_rem_sleep_time_milli: 1.5 * HOUR_MS,
    },
    ...{ sleep_performance_percentage: 88, sleep_efficiency_percentage: 93.1, respiratory_rate: 14.2 },
  },
});

const recovery = (person: string, day: number): object => ({
  ...{ cycle_id: day, sleep_id: `s-${person}-${day}`, user_id: Number(person), score_state: 'SCORED' },
  ...{ created_at: iso(day + 9 * HOUR_MS), updated_at: iso(day + 9 * HOUR_MS) },
  score: { recovery_score: 66, resting_heart_rate: 52, hrv_rmssd_milli: 61.5, spo2_percentage: 96.4 },
});
