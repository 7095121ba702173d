import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '#libs/config';
import { badRequest, Failure, notFound } from '#libs/model';
import { checkUpload } from '#libs/providers/kit';
import { Inbox, type Acceptance } from '../inbox/inbox.js';
import { syncMetrics } from '../metrics.js';
import { BufferPool } from './buffer-pool.js';
import { ByteBudget } from './byte-budget.js';
import { receiveBody, type IncomingBody, type ReceivedBody } from './receive-body.js';

/** A phone's upload before anything of it was read. */
export interface IncomingUpload {
  /** Null when the path named nobody. */
  readonly userId: string | null;
  /** `Content-Type` */
  readonly contentType: string | undefined;
  readonly requestId: string | null;
  readonly body: IncomingBody;
}

const HELD_BYTES = 96 * 1024 * 1024;
const PATIENCE_MS = 5_000;
const FASTEST = { level: 1 };
const JSON_TYPE = /^(application\/json|[^/;]+\/[^;]*\+json)\s*(;|$)/i;

const compress = promisify<Buffer, typeof FASTEST, Buffer>(gzip);

/** Takes uploads in: bounded in size and in memory, checked for what a retry cannot mend, stored before the answer. */
@Injectable()
export class UploadDesk {
  private readonly budget = new ByteBudget(HELD_BYTES);
  private readonly pool = new BufferPool();

  constructor(
    private readonly inbox: Inbox,
    @Inject(CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * @throws Failure 413 too large, 429 too many at once, 400 not JSON, not an object or not of a supported provider,
   * 404 `User not found`
   */
  async receive(upload: IncomingUpload): Promise<Acceptance> {
    const lease = this.budget.lease();
    try {
      const limits = { maxBytes: this.config.maxUploadBytes, lease, patienceMs: PATIENCE_MS, pool: this.pool };
      const received = await receiveBody(upload.body, limits);
      try {
        return await this.accept(upload, received);
      } finally {
        received.release();
      }
    } catch (error) {
      if (error instanceof Failure) syncMetrics.refusedUploads.inc({ status: error.status });
      throw error;
    } finally {
      lease.release();
    }
  }

  private async accept(upload: IncomingUpload, received: ReceivedBody): Promise<Acceptance> {
    const { plain } = received;
    if (isAbsent(plain)) throw badRequest('Field required');
    if (!JSON_TYPE.test(upload.contentType ?? '')) throw badRequest('Input should be a valid dictionary');
    const { provider } = await checkUpload(plain);
    if (upload.userId === null) throw notFound('User not found');
    const acceptance = await this.inbox.accept({
      user: { id: upload.userId },
      kind: 'sdk',
      provider,
      body: received.gzip ?? (await compress(plain, FASTEST)),
      encoding: 'gzip',
      context: { plainBytes: plain.length, requestId: upload.requestId },
    });
    syncMetrics.acceptedUploads.inc({ provider });
    syncMetrics.acceptedBytes.inc(plain.length);
    return acceptance;
  }
}

/** No body and JSON's null are the same: nothing was sent. */
const isAbsent = (plain: Buffer): boolean => plain.length < 100 && ['', 'null'].includes(plain.toString('utf8').trim());
