import { Injectable } from '@nestjs/common';
import { Database, type Sql } from '#libs/database';
import { logger } from '#libs/observability';
import { laneOf, type AttemptResult } from './delivery.js';
import { countAttempts } from './delivery-metrics.js';
import { disableEndpoints, type DisableReason } from './disable.js';
import { keepResults, moveToLane, type EndpointState } from './result.repository.js';

const LOT = 200;
/** Nobody waits for a result, and many in one transaction cost little more than one. */
const GATHER_MS = 50;
const TRIES = 3;
const PAUSE_MS = 100;
const GONE = 410;
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
        await store(this.db, results);
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

/** What was taken is one statement; a failure may have consequences, which are part of it. */
async function store(db: Database, results: readonly AttemptResult[]): Promise<void> {
  const now = new Date();
  const isAllWell = results.every(({ isSuccess, delivery }) => isSuccess && delivery.lane === 0);
  if (isAllWell) await keepResults(db, results, now);
  else await db.transaction((sql) => storeWithConsequences(sql, results, now));
}

async function storeWithConsequences(sql: Sql, results: readonly AttemptResult[], now: Date): Promise<void> {
  const endpoints = await keepResults(sql, results, now);
  const lanes = new Map(endpoints.map(({ id, consecutive_failures }) => [id, laneOf(consecutive_failures)]));
  for (const lane of [0, 1] as const) {
    const wrong = results.filter(({ delivery }) => delivery.lane !== lane && lanes.get(delivery.endpointId) === lane);
    await moveToLane(sql, [...new Set(wrong.map(({ delivery }) => delivery.endpointId))], lane);
  }
  const disabled = await disableEndpoints(sql, hopeless(results, endpoints, now), now);
  for (const id of disabled) logger().warn({ endpoint_id: id }, 'webhook_endpoint_disabled');
}

/** Endpoints that say they are gone, and those that gave up on a message after five days without one success. */
function hopeless(
  results: readonly AttemptResult[],
  endpoints: readonly EndpointState[],
  now: Date,
): ReadonlyMap<string, DisableReason> {
  const reasons = new Map<string, DisableReason>();
  const since = new Map(endpoints.map(({ id, failing_since }) => [id, failing_since]));
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
