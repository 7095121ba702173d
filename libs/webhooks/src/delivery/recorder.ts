import { Injectable } from '@nestjs/common';
import { Database, type Sql } from '#libs/database';
import { logger } from '#libs/observability';
import type { AttemptResult } from './delivery.js';
import { countAttempts } from './delivery-metrics.js';
import { disableEndpoints, type DisableReason } from './disable.js';
import { changeLane, keepResults, tallyEndpoints, type EndpointChange } from './result.repository.js';

const LOT = 200;
const GATHER_MS = 10;
const TRIES = 3;
const PAUSE_MS = 100;
const GONE = 410;
/** After so many failures in a row an endpoint's backlog leaves the lane of those that work. */
const FAILURES_TO_STEP_ASIDE = 5;
const FIVE_DAYS_MS = 5 * 24 * 3600 * 1000;

/** Keeps the results of attempts, many in one transaction. */
@Injectable()
export class ResultRecorder {
  private waiting: AttemptResult[] = [];
  private writing: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly db: Database) {}

  /** How many results are not stored yet. */
  get backlog(): number {
    return this.waiting.length;
  }

  add(result: AttemptResult): void {
    this.waiting.push(result);
    if (this.waiting.length >= LOT) this.write();
    else this.timer ??= setTimeout(() => this.write(), GATHER_MS);
  }

  /** Resolves when everything added so far is stored. */
  async settle(): Promise<void> {
    this.write();
    await this.writing;
  }

  private write(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing = this.writing.then(async () => {
      while (this.waiting.length > 0) await this.keep(this.waiting.splice(0, LOT));
    });
  }

  /** What cannot be stored is attempted again: at least once, not at most once. */
  private async keep(results: readonly AttemptResult[]): Promise<void> {
    for (let left = TRIES; ; left--) {
      try {
        await this.db.transaction((sql) => store(sql, results));
        countAttempts(results);
        return;
      } catch (error) {
        if (left === 1) {
          logger().error({ err: error, attempts: results.length }, 'webhook_results_lost');
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  }
}

async function store(sql: Sql, results: readonly AttemptResult[]): Promise<void> {
  const now = new Date();
  const changes = await tallyEndpoints(sql, results, now);
  await keepResults(sql, results);
  await changeLane(
    sql,
    idsWhere(changes, ({ before, after }) => before < FAILURES_TO_STEP_ASIDE && after >= FAILURES_TO_STEP_ASIDE),
    1,
  );
  await changeLane(
    sql,
    idsWhere(changes, ({ before, after }) => before >= FAILURES_TO_STEP_ASIDE && after < FAILURES_TO_STEP_ASIDE),
    0,
  );
  const disabled = await disableEndpoints(sql, hopeless(results, changes, now), now);
  for (const id of disabled) logger().warn({ endpoint_id: id }, 'webhook_endpoint_disabled');
}

const idsWhere = (changes: readonly EndpointChange[], applies: (change: EndpointChange) => boolean): string[] =>
  changes.filter(applies).map(({ id }) => id);

/** Endpoints that say they are gone, and those that gave up on a message after five days without one success. */
function hopeless(
  results: readonly AttemptResult[],
  changes: readonly EndpointChange[],
  now: Date,
): ReadonlyMap<string, DisableReason> {
  const reasons = new Map<string, DisableReason>();
  const since = new Map(changes.map(({ id, failing_since }) => [id, failing_since]));
  for (const { delivery, isSuccess, statusCode, nextAttemptAt } of results) {
    const { endpointId } = delivery;
    const failingSince = since.get(endpointId) ?? null;
    const isExhausted = !isSuccess && nextAttemptAt === null;
    if (statusCode === GONE) reasons.set(endpointId, 'gone');
    else if (isExhausted && failingSince !== null && now.getTime() - Date.parse(failingSince) >= FIVE_DAYS_MS) {
      if (!reasons.has(endpointId)) reasons.set(endpointId, 'failing');
    }
  }
  return reasons;
}
