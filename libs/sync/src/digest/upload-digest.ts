import { Injectable } from '@nestjs/common';
import type { Session, UserRef } from '#libs/database';
import { HealthWriter } from '#libs/ingest';
import type { ProviderCode } from '#libs/model';
import { checkEnvelope, ProviderFactory, type SdkMapper, type SdkMapping } from '#libs/providers/kit';
import { RetryLater } from '#libs/queue';
import { SdkConnections } from '../connections/sdk-connections.js';
import { InboxRepository } from '../inbox/inbox.repository.js';
import type { PendingUpload, UploadOutcome } from '../inbox/upload.js';
import { countStored, syncMetrics } from '../metrics.js';
import { ByteBudget, type ByteLease } from '../upload/byte-budget.js';
import { mapPart } from './map-part.js';
import { CUT, openUpload, type OpenUpload } from './open-upload.js';
import { plainBody } from './stored-body.js';
import { uploadParts } from './upload-parts.js';
import { advanced, NO_PROGRESS, type UploadProgress } from './upload-progress.js';
import { uploadResult } from './upload-result.js';
import { UploadRuns } from './upload-runs.js';

const ITEMS_PER_TRANSACTION = 10_000;
const HELD_BYTES = 64 * 1024 * 1024;
const BUSY_RETRY_MS = 500;

const CLOSED = { state: 'cancelled', result: { message: 'Connection was disconnected' } } as const;

/** Stores one upload, part by part, and goes on where an interrupted attempt stopped. */
@Injectable()
export class UploadDigest {
  private readonly budget = new ByteBudget(HELD_BYTES);

  constructor(
    private readonly repository: InboxRepository,
    private readonly connections: SdkConnections,
    private readonly providers: ProviderFactory,
    private readonly writer: HealthWriter,
    private readonly runs: UploadRuns,
  ) {}

  /**
   * @throws Failure 404 when the user is gone, RetryLater when this process holds too many bodies already, and whatever
   * the database or a mapper throws; what was stored until then stays and is remembered
   */
  async digest(session: Session, user: UserRef, upload: PendingUpload): Promise<void> {
    syncMetrics.waitSeconds.observe(upload.waited);
    const stopTimer = syncMetrics.digestSeconds.startTimer();
    const lease = this.budget.lease();
    try {
      const outcome = await this.process(session, user, upload, lease);
      await this.finish(session, user, upload, outcome);
      syncMetrics.digestedUploads.inc({ state: outcome.state });
    } finally {
      lease.release();
      stopTimer();
    }
  }

  /** Ends the upload, its task and its run together. */
  async finish(session: Session, user: UserRef, upload: PendingUpload, outcome: UploadOutcome): Promise<void> {
    await session.transaction(async (sql) => {
      if (outcome.state === 'succeeded') await this.connections.markSynced(sql, user, upload.provider);
      // What failed may have failed before its run began.
      if (outcome.state === 'failed') await this.runs.start(sql, user, upload);
      await this.runs.finish(sql, upload, outcome);
      await this.repository.finish(sql, upload, outcome);
    });
  }

  private async process(
    session: Session,
    user: UserRef,
    upload: PendingUpload,
    lease: ByteLease,
  ): Promise<UploadOutcome> {
    if (!lease.growTo(upload.context.plainBytes)) throw new RetryLater(BUSY_RETRY_MS);
    const reader = await this.open(session, upload);
    if (reader === null) return { state: 'cancelled', result: { message: 'Nothing to store' } };
    const { problem } = checkEnvelope(reader.envelope as object);
    if (problem !== null) return { state: 'failed', error: `Validation failed: ${problem}`, statusCode: 400 };
    if (!(await this.begin(session, user, upload))) return CLOSED;
    return { state: 'succeeded', result: uploadResult(await this.store(session, user, upload, reader)) };
  }

  /** @returns false when the connection stays closed */
  private begin(session: Session, user: UserRef, upload: PendingUpload): Promise<boolean> {
    return session.transaction(async (sql) => {
      await this.runs.start(sql, user, upload);
      return this.connections.open(sql, user, upload.provider, upload.context.loginAt);
    });
  }

  private async open(session: Session, upload: PendingUpload): Promise<OpenUpload | null> {
    const body = await this.repository.body(session, upload.id);
    return body && openUpload(await plainBody(body, upload.encoding, upload.context.plainBytes));
  }

  private async store(
    session: Session,
    user: UserRef,
    upload: PendingUpload,
    reader: OpenUpload,
  ): Promise<UploadProgress> {
    const mapper = this.mapperOf(upload.provider);
    // What another release kept counts other chunks: start again, storing is idempotent.
    let progress = upload.progress?.cut === CUT ? upload.progress : { ...NO_PROGRESS, cut: CUT };
    for (const part of uploadParts(reader.chunks(progress.chunks), ITEMS_PER_TRANSACTION)) {
      progress = await this.storePart(session, user, upload, {
        mapping: mapPart(mapper, part),
        chunks: part.length,
        progress,
        chunkCount: reader.chunkCount,
      });
    }
    return progress;
  }

  /** The part, what it did and how far the upload has come, in one transaction. */
  private async storePart(
    session: Session,
    user: UserRef,
    upload: PendingUpload,
    { mapping, chunks, progress, chunkCount }: MappedPart,
  ): Promise<UploadProgress> {
    const { batch, problems, skipped } = mapping;
    let reached = progress;
    const report = await this.writer.write(session, user, batch, {
      // May run more than once: the writer tries again after a deadlock.
      within: async (sql, written) => {
        reached = advanced(progress, { chunks, report: written, problems, skipped });
        await this.repository.saveProgress(sql, upload, reached, reached.chunks / chunkCount);
      },
    });
    countStored(report);
    syncMetrics.droppedItems.inc(reached.dropped - progress.dropped);
    return reached;
  }

  private mapperOf(provider: ProviderCode): SdkMapper {
    const { sdk } = this.providers.get(provider);
    if (!sdk) throw new Error(`${provider} has no mapper of SDK uploads`);
    return sdk;
  }
}

interface MappedPart {
  readonly mapping: SdkMapping;
  readonly chunks: number;
  /** Before this part. */
  readonly progress: UploadProgress;
  readonly chunkCount: number;
}
