import { gzipSync } from 'node:zlib';
import { HealthWriter } from '#libs/ingest';
import { configureLogging } from '#libs/observability';
import { createProviderFactory } from '#libs/providers/registry';
import { SyncRuns } from '#libs/sync';
import type { AddOptions, JobQueue } from '#libs/queue';
import type { Database } from '#libs/database';
import type { ConnectableProvider } from '#libs/model';
import { SdkConnections } from '../../../libs/sync/src/connections/sdk-connections.js';
import { InboxDigester } from '../../../libs/sync/src/digest/inbox-digester.js';
import { UploadDigest } from '../../../libs/sync/src/digest/upload-digest.js';
import { UploadRuns } from '../../../libs/sync/src/digest/upload-runs.js';
import { Inbox, type Acceptance } from '../../../libs/sync/src/inbox/inbox.js';
import { InboxRepository } from '../../../libs/sync/src/inbox/inbox.repository.js';
import type { UploadContext } from '../../../libs/sync/src/inbox/upload.js';

interface AddedJob {
  name: string;
  payload: unknown;
  options: AddOptions | undefined;
}

/** Remembers what was asked for, as a queue whose worker does not run. */
export class RecordedQueue {
  readonly added: AddedJob[] = [];
  /** When set, the queue is out of order. */
  failure: Error | null = null;

  async add(name: string, payload: unknown, options?: AddOptions): Promise<void> {
    if (this.failure) throw this.failure;
    this.added.push({ name, payload, options });
  }

  async addAll(name: string, jobs: readonly (AddOptions & { payload: unknown })[]): Promise<void> {
    for (const { payload, ...options } of jobs) await this.add(name, payload, options);
  }

  get asJobQueue(): JobQueue {
    return this as unknown as JobQueue;
  }
}

interface Sending {
  provider?: ConnectableProvider;
  context?: Partial<UploadContext>;
  /** Stored with gzip. */
  packed?: boolean;
}

/** Everything between the inbox and stored data, put together by hand on one database. */
export class Digesting {
  readonly queue = new RecordedQueue();
  readonly repository: InboxRepository;
  readonly inbox: Inbox;
  readonly writer = new HealthWriter();
  readonly digester: InboxDigester;

  constructor(readonly db: Database) {
    // Many of these tests break things on purpose.
    configureLogging({ level: 'silent', service: 'test' });
    this.repository = new InboxRepository(db);
    this.inbox = new Inbox(this.repository, this.queue.asJobQueue);
    this.digester = this.anotherDigester();
  }

  /** A digester as another process would have it. */
  anotherDigester(): InboxDigester {
    const runs = new UploadRuns(new SyncRuns(this.db));
    const providers = createProviderFactory();
    const uploads = new UploadDigest(this.repository, new SdkConnections(), providers, this.writer, runs);
    return new InboxDigester(this.db, this.repository, uploads);
  }

  accept(
    user: { id: string },
    upload: unknown,
    { provider = 'apple', context = {}, packed = true }: Sending = {},
  ): Promise<Acceptance> {
    const plain = Buffer.from(JSON.stringify(upload));
    return this.inbox.accept({
      user,
      kind: 'sdk',
      provider,
      body: packed ? gzipSync(plain) : plain,
      encoding: packed ? 'gzip' : 'identity',
      context: { plainBytes: plain.length, requestId: null, ...context },
    });
  }

  async rowOf(batchId: string) {
    const [row] = await this.db.query<{
      state: string;
      attempts: number;
      body: Buffer | null;
      progress: { chunks: number } | null;
      finished_at: string | null;
    }>('SELECT state, attempts, body, progress, finished_at FROM inbox WHERE batch_id = $1', [batchId]);
    return row;
  }

  async taskOf(batchId: string) {
    const [row] = await this.db.query<{
      state: string;
      progress: number;
      result: Record<string, unknown> | null;
      error: string | null;
      run_id: string;
      kind: string;
    }>('SELECT state, progress, result, error, run_id, kind FROM task WHERE id = $1', [batchId]);
    return row;
  }

  /** The run of an upload: what its events said, and the latest state. */
  async runOf(batchId: string) {
    const told = await this.db.query<{ stage: string; status: string; message: string; metadata: object }>(
      'SELECT stage, status, message, error, items_processed, metadata FROM sync_event WHERE run_id = $1 ORDER BY event_id',
      [batchId],
    );
    const [run] = await this.db.query<{ stage: string }>('SELECT stage, source FROM sync_run WHERE run_id = $1', [
      batchId,
    ]);
    return { told, run };
  }

  async pointCount(user: { key: number }): Promise<number> {
    const [row] = await this.db.query<{ n: number }>('SELECT count(*) AS n FROM point WHERE user_key = $1', [user.key]);
    return row!.n;
  }
}
