import { Injectable } from '@nestjs/common';
import type { Sql, UserRef } from '#libs/database';
import type { JsonObject } from '#libs/model';
import type { PendingUpload, UploadOutcome } from '../inbox/upload.js';
import { SyncRuns } from '../status/sync-runs.js';
import type { SyncFinish } from '../status/sync-status.js';

/** The sync run of an upload; its id is the id of the batch. */
@Injectable()
export class UploadRuns {
  constructor(private readonly runs: SyncRuns) {}

  /** Does nothing when an earlier attempt has begun the run. */
  async start(sql: Sql, user: UserRef, { batch_id, provider }: PendingUpload): Promise<void> {
    const message = `Processing ${provider} SDK batch`;
    const run = { runId: batch_id, userId: user.id, provider, source: 'sdk', message, metadata: { batch_id } } as const;
    await this.runs.start(run, sql);
  }

  async finish(sql: Sql, upload: PendingUpload, outcome: UploadOutcome): Promise<void> {
    await this.runs.finish(upload.batch_id, uploadFinish(upload, outcome), sql);
  }
}

/** How an upload's run ends: what the wire says of a saved and of a failed batch. */
export function uploadFinish({ batch_id, provider }: PendingUpload, outcome: UploadOutcome): SyncFinish {
  const name = provider.charAt(0).toUpperCase() + provider.slice(1);
  switch (outcome.state) {
    case 'succeeded':
      return { status: 'success', ...saved(name, batch_id, outcome.result) };
    case 'cancelled':
      return { status: 'cancelled', message: outcome.result.message, metadata: { batch_id } };
    case 'failed': {
      const metadata = { batch_id, status_code: outcome.statusCode };
      return { status: 'failed', message: `${name} batch failed`, error: outcome.error, metadata };
    }
  }
}

function saved(name: string, batch_id: string, result: JsonObject): Omit<SyncFinish, 'status'> {
  const [records, workouts, sleep, dropped] = COUNTS.map((count) => Number(result[count])) as FourNumbers;
  return {
    message: `${name} batch saved${dropped > 0 ? ` (${dropped} record(s) dropped by validation)` : ''}`,
    itemsProcessed: records + workouts + sleep,
    metadata: {
      ...{ batch_id, records_saved: records, workouts_saved: workouts, sleep_saved: sleep, dropped_count: dropped },
    },
  };
}

const COUNTS = ['records_saved', 'workouts_saved', 'sleep_saved', 'dropped_count'];
type FourNumbers = [number, number, number, number];
