import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Database, type Sql } from '#libs/database';
import { badRequest, Failure } from '#libs/model';
import { OutboundClient } from '#libs/outbound';
import { OBJECT_STORAGE, type ObjectStorage } from '#libs/storage';
import { shownFileName } from '../desk/file-name.js';
import { ImportRequests } from '../desk/import-requests.js';
import { ImportRepository } from '../import.repository.js';
import { amazonUrl } from './amazon-url.js';
import { readBucketNotice, type CreatedObject } from './created-objects.js';
import { readSnsMessage, type SnsMessage } from './sns-message.js';
import { SnsVerifier } from './sns-verifier.js';

/** What is answered: the status inside the body, and its text. */
export interface SnsAnswer {
  readonly status: 200 | 202;
  readonly response: string;
}

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 256 * 1024;

/** Hears from Amazon SNS of objects that clients have put into the bucket. */
@Injectable()
export class SnsDesk {
  constructor(
    private readonly db: Database,
    private readonly verifier: SnsVerifier,
    private readonly outbound: OutboundClient,
    private readonly repository: ImportRepository,
    private readonly requests: ImportRequests,
    @Inject(OBJECT_STORAGE) private readonly storage: ObjectStorage,
  ) {}

  /**
   * `now` in milliseconds.
   * @throws Failure 400 not a message, 503 `SNS client not configured`, 403 not believed
   */
  async receive(body: unknown, now: number): Promise<SnsAnswer> {
    const message = readSnsMessage(body);
    if (this.storage.bucket === null) throw new Failure(503, 'SNS client not configured');
    await this.verifier.check(message, now);
    if (message.Type === 'SubscriptionConfirmation') return this.confirm(message);
    if (message.Type === 'Notification') return this.take(message, this.storage.bucket.name);
    throw badRequest(`unknown message type: ${message.Type}`);
  }

  private async confirm({ SubscribeURL: address }: SnsMessage): Promise<SnsAnswer> {
    const url = amazonUrl(address);
    if (url?.searchParams.get('Action') !== 'ConfirmSubscription') throw badRequest('The subscription has no address');
    const request = { method: 'GET', url: url.href, timeoutMs: TIMEOUT_MS, maxBytes: MOST_BYTES };
    const { status } = await this.outbound.request(request).catch((cause: unknown) => {
      throw new Failure(400, 'The subscription could not be confirmed', { cause });
    });
    if (status !== 200) throw badRequest(`The subscription could not be confirmed: ${status}`);
    return { status: 200, response: 'subscription_confirmed' };
  }

  private async take({ MessageId: id, Message: text }: SnsMessage, bucket: string): Promise<SnsAnswer> {
    const notice = readBucketNotice(text);
    if (notice === null) return { status: 200, response: 'ignored: not about objects' };
    if (notice.kind === 'test') return { status: 200, response: 'ignored: s3:TestEvent' };
    const ours = notice.objects.filter((object) => object.bucket === bucket);
    const importIds = await this.db.transaction(async (sql) => {
      if (!(await this.isFirst(sql, id))) return [];
      const ids: string[] = [];
      for (const object of ours) ids.push(...(await this.accept(sql, object)));
      return ids;
    });
    for (const importId of importIds) await this.requests.request(importId);
    return { status: 202, response: `${importIds.length} tasks dispatched` };
  }

  private async isFirst(sql: Sql, id: string): Promise<boolean> {
    const rows = await sql.query('INSERT INTO sns_message (id) VALUES ($1) ON CONFLICT (id) DO NOTHING RETURNING id', [
      id,
    ]);
    return rows.length > 0;
  }

  /**
   * The upload that was expected under this key, or an object that somebody put there without asking. One of a user who
   * was erased is deleted.
   */
  private async accept(sql: Sql, { key, userId, sizeBytes, etag }: CreatedObject): Promise<string[]> {
    const expected = await this.repository.expectedObject(sql, userId, key);
    if (expected) {
      return (await this.repository.arrive(expected.id, { sizeBytes, etag, fileName: null }, sql)) ? [expected.id] : [];
    }
    const file = { id: randomUUID(), userId, fileName: shownFileName(key), objectKey: key, sizeBytes, etag };
    const adopted = await this.repository.adopt(sql, file);
    if (adopted !== null) return [adopted];
    if (await this.repository.wasErased(sql, userId)) await this.storage.delete(key);
    return [];
  }
}
