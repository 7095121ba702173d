import { Inject, Injectable } from '@nestjs/common';
import { Database, databaseHealth } from '#libs/database';
import { JobQueue } from '#libs/queue';
import { OBJECT_STORAGE, type ObjectStorage } from '#libs/storage';

/** Parts that must work for requests to be answered and uploads to be digested. */
export const PARTS = ['database', 'migrations', 'queue', 'worker', 'storage'] as const;
export type Part = (typeof PARTS)[number];

const HEARTBEAT_SECONDS = 30;
const PATIENCE_MS = 2_000;

const WORKER_ALIVE = `
  SELECT coalesce(max(beat_at) > now() - $1 * interval '1 second', false) AS alive FROM worker_heartbeat`;

/** Whether each part works. */
@Injectable()
export class Readiness {
  constructor(
    @Inject(OBJECT_STORAGE) private readonly storage: ObjectStorage,
    private readonly db: Database,
    private readonly queue: JobQueue,
  ) {}

  /** What works and what does not, answered within seconds. Never throws. */
  async check(): Promise<Record<Part, boolean>> {
    const [database, queue, worker, storage] = await Promise.all([
      databaseHealth(this.db),
      this.queue.isHealthy(),
      settled(this.workerIsAlive()),
      settled(this.storage.isHealthy()),
    ]);
    return { database: database.reachable, migrations: database.migrated, queue, worker, storage };
  }

  private async workerIsAlive(): Promise<boolean> {
    const [row] = await this.db.query<{ alive: boolean }>(WORKER_ALIVE, [HEARTBEAT_SECONDS]);
    return row?.alive === true;
  }
}

/** False for what fails or takes too long. */
async function settled(check: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const impatience = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, false);
  });
  try {
    return await Promise.race([check, impatience]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
