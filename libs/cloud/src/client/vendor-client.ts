import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { counter, histogram } from '#libs/observability';
import { OutboundClient, OutboundError } from '#libs/outbound';
import { VendorError, type VendorRequest } from '#libs/providers/kit';
import type { CloudApp } from '../app/cloud-app.js';
import { RequestBudgets } from '../budget/request-budget.js';
import { answeredAt, toldLimits } from '../budget/told-limits.js';
import { buildRequest, type BuiltRequest } from './build-request.js';
import { Outages } from './outages.js';
import { pauseBefore, type Patience } from './patience.js';
import { retryAfterSeconds } from './retry-after.js';

const TIMEOUT_MS = 30_000;
const MOST_BYTES = 64 * 1024 * 1024;
/** What a vendor that answers 429 without saying for how long is given. */
const SILENCE_SECONDS = 15;

export interface VendorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const calls = counter({
  name: 'vendor_requests_total',
  help: 'Requests to vendors by what came of them',
  labels: ['provider', 'outcome'],
});
const seconds = histogram({
  name: 'vendor_request_seconds',
  help: 'Time of one request to a vendor',
  labels: ['provider'],
  buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
});
const waits = counter({
  name: 'vendor_budget_wait_seconds_total',
  help: 'Time spent waiting for the budget of a vendor',
  labels: ['provider'],
});

/** Sends requests to vendors: within their budgets, again after what passes by itself. */
@Injectable()
export class VendorClient {
  private readonly outages = new Outages();

  constructor(
    private readonly outbound: OutboundClient,
    private readonly budgets: RequestBudgets,
  ) {}

  /**
   * Any answer but 429, and 5xx only when the patience is used up.
   * @throws VendorError `unreachable`, or `rate-limited` where it is not worth asking now: used up, or not answering
   */
  async send(
    app: CloudApp,
    request: VendorRequest,
    headers: Readonly<Record<string, string>>,
    patience: Patience,
  ): Promise<VendorAnswer> {
    const built = buildRequest(app.apiBaseUrl, request, { ...ownHeaders(app), ...headers });
    const isRepeatable = built.method === 'GET' || request.repeatable === true;
    if (!patience.asksAnyway) this.checkOutage(app);
    for (let attempt = 1; ; attempt++) {
      const isLast = attempt >= (this.outages.isLikely(app.code) ? 1 : patience.attempts);
      await this.awaitBudget(app, patience);
      const answer = await this.once(app, built);
      if (answer instanceof OutboundError) {
        const isPassing = PASSING.has(answer.reason);
        if (!isLast && isRepeatable && isPassing) {
          await pause(pauseBefore(attempt));
          continue;
        }
        if (isPassing) this.outages.failed(app.code);
        throw unreachable(app, answer);
      }
      this.outages.answered(app.code);
      const silence = await this.heed(app, answer);
      if (answer.status === 429) {
        await this.respect(app, answer, silence, isLast);
      } else if (answer.status >= 500 && isRepeatable && !isLast) {
        await pause(pauseBefore(attempt));
      } else return answer;
    }
  }

  private checkOutage({ code }: CloudApp): void {
    const retryAfterSeconds = this.outages.waitSeconds(code);
    if (retryAfterSeconds > 0) throw new VendorError('rate-limited', `${code} does not answer`, { retryAfterSeconds });
  }

  private async awaitBudget(app: CloudApp, { longestWaitSeconds }: Patience): Promise<void> {
    const { waitSeconds, isTaken } = await this.budgets.take(app.code, app.budgets, longestWaitSeconds);
    if (!isTaken) {
      throw new VendorError('rate-limited', `The budget of ${app.code} is used up`, { retryAfterSeconds: waitSeconds });
    }
    if (waitSeconds === 0) return;
    waits.inc({ provider: app.code }, waitSeconds);
    await pause(waitSeconds * 1000);
  }

  private async once(app: CloudApp, built: BuiltRequest): Promise<VendorAnswer | OutboundError> {
    const stop = seconds.startTimer({ provider: app.code });
    try {
      const answer = await this.outbound.request({ ...built, timeoutMs: TIMEOUT_MS, maxBytes: MOST_BYTES });
      calls.inc({ provider: app.code, outcome: String(answer.status) });
      return answer;
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      calls.inc({ provider: app.code, outcome: error.reason });
      return error;
    } finally {
      stop();
    }
  }

  /** Seconds of silence where an answer says that a limit is used up. */
  private heed(app: CloudApp, { headers }: VendorAnswer): Promise<number | null> {
    const now = new Date();
    const told = toldLimits(headers, app.cloud.limitHeaders ?? []);
    return this.budgets.learn(app.code, app.budgets, told, now, answeredAt(headers, now));
  }

  /** Nobody sends anything to this vendor for as long as it says. */
  private async respect(app: CloudApp, answer: VendorAnswer, silence: number | null, isLast: boolean): Promise<void> {
    const asked = retryAfterSeconds(answer.headers, new Date()) ?? silence;
    await this.budgets.block(app.code, app.budgets, asked ?? SILENCE_SECONDS);
    if (!isLast) return;
    const facts = { status: 429, ...(asked === null ? {} : { retryAfterSeconds: asked }) };
    throw new VendorError('rate-limited', `${app.code} answers 429`, facts);
  }
}

/** What may be better the next time. */
const PASSING: ReadonlySet<string> = new Set(['timeout', 'network']);

const unreachable = (app: CloudApp, cause: OutboundError): VendorError =>
  new VendorError('unreachable', `${app.code} does not answer: ${cause.reason}`, { cause });

/** The provider's own headers, `{NAME}` filled in; one whose setting is missing is left out. */
function ownHeaders({ cloud, own }: CloudApp): Record<string, string> {
  const filled = Object.entries(cloud.headers ?? {}).flatMap(([name, text]) => {
    const wanted = /^\{([A-Z0-9_]+)\}$/.exec(text)?.[1];
    const value = wanted === undefined ? text : (own[wanted]?.value ?? null);
    return value === null ? [] : [[name.toLowerCase(), value] as const];
  });
  return Object.fromEntries(filled);
}
