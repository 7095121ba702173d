import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import S3rver from 's3rver';
import type { StorageSettings } from '#libs/config';
import { ClientUploads } from '#libs/imports';
import { S3Storage } from '../../../libs/storage/src/s3-storage.js';
import { SnsDesk } from '../../../libs/imports/src/sns/sns-desk.js';
import { signedText } from '../../../libs/imports/src/sns/signed-text.js';
import type { SnsCertificates } from '../../../libs/imports/src/sns/sns-certificates.js';
import { SnsVerifier } from '../../../libs/imports/src/sns/sns-verifier.js';
import type { SnsMessage } from '../../../libs/imports/src/sns/sns-message.js';
import { openImporting, type Importing } from './importing.js';

type S3Settings = Extract<StorageSettings, { kind: 's3' }>;
const KEYS = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
const EXPORT =
  '<HealthData><Record type="HKQuantityTypeIdentifierHeartRate" sourceName="W" unit="count/min" ' +
  'startDate="2026-10-30 08:00:00 +0100" endDate="2026-10-30 08:00:00 +0100" value="61"/></HealthData>';
const TOPIC = 'arn:aws:sns:eu-north-1:123456789012:uploads';
const NOW = Date.parse('2026-11-01T10:00:00Z');
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

let server: S3rver;
let directory: string;
let settings: S3Settings;
let storage: S3Storage;
let importing: Importing;

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

beforeAll(async () => {
  directory = await mkdtemp(join(process.env['TEST_SCRATCH_DIR'] ?? tmpdir(), 's3-'));
  const port = await freePort();
  const options = {
    address: '127.0.0.1',
    port,
    silent: true,
    directory,
    configureBuckets: [{ name: 'uploads', configs: [] }],
  };
  server = new S3rver(options);
  await server.run();
  settings = {
    kind: 's3',
    bucketName: 'uploads',
    region: 'eu-north-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: KEYS,
    scratchDirectory: join(directory, 'scratch'),
  };
  storage = new S3Storage(settings);
  importing = await openImporting({ storage: settings, snsTopicArn: TOPIC });
});
afterAll(async () => {
  await importing.close();
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

async function post(
  { url, fields }: { url: string; fields: Readonly<Record<string, string>> },
  content: string,
): Promise<number> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([content]), 'export.xml');
  const { status } = await fetch(url, { method: 'POST', body: form });
  return status;
}

const wish = { fileName: 'my export/../ä.xml', expiresSeconds: 300, maxBytes: 1_000_000 };

describe('S3Storage', () => {
  it('keeps, copies and deletes objects and leaves no file behind', async () => {
    const { key, sizeBytes } = await storage.put('imports', Readable.from(['hello ', 'world']));
    expect([key.startsWith('imports/'), sizeBytes]).toEqual([true, 11]);
    expect(await text((await storage.get(key))!)).toBe('hello world');
    const copy = (await storage.copy(key))!;
    expect(copy.sizeBytes).toBe(11);
    await copy.release();
    expect(await storage.find(key)).toEqual({
      sizeBytes: 11,
      etag: createHash('md5').update('hello world').digest('hex'),
    });
    expect(await storage.delete(key)).toBe(true);
    expect([
      await storage.delete(key),
      await storage.get(key),
      await storage.copy(key),
      await storage.find(key),
    ]).toEqual([...[false, null, null, null]]);
    expect(await readdir(settings.scratchDirectory)).toEqual([]);
  });

  it('stores nothing of a stream that fails', async () => {
    const broken = Readable.from(
      (function* () {
        yield 'hello';
        throw new Error('torn');
      })(),
    );
    await expect(storage.put('imports', broken)).rejects.toThrow('torn');
    expect(await readdir(settings.scratchDirectory)).toEqual([]);
  });

  it('removes what was left behind by the killed', async () => {
    const [old, young] = ['old', 'young'].map((name) => join(settings.scratchDirectory, name)) as [string, string];
    await writeFile(old, 'x');
    await writeFile(young, 'x');
    const longAgo = new Date(Date.now() - 3 * 86_400_000);
    await utimes(old, longAgo, longAgo);
    await storage.delete((await storage.put('imports', Readable.from(['hello']))).key);
    expect(await readdir(settings.scratchDirectory)).toEqual(['young']);
    await rm(young);
  });

  it('says what is wrong with a bucket', async () => {
    expect(await storage.isHealthy()).toBe(true);
    const other = new S3Storage({ ...settings, bucketName: 'elsewhere' });
    await expect(other.check()).rejects.toMatchObject({ status: 404, detail: 'S3 bucket not found' });
    const nowhere = new S3Storage({ ...settings, endpoint: 'http://127.0.0.1:9' });
    await expect(nowhere.check()).rejects.toMatchObject({ status: 400 });
    expect(await nowhere.isHealthy()).toBe(false);
  });
});

describe('an upload to the bucket', () => {
  it('is imported when its client says that it is done, once', async () => {
    const uploads = importing.app.get(ClientUploads);
    const user = await importing.given.user();
    const offer = await uploads.offer(user.id, wish);
    expect(offer.bucket).toBe('uploads');
    expect(offer.key).toMatch(new RegExp(`^${user.id}/raw/[0-9a-f-]{36}-myexport...xml$`));
    expect(offer.fields).toMatchObject({ key: offer.key, 'Content-Type': 'application/xml' });
    const policy = JSON.parse(Buffer.from(offer.fields['Policy']!, 'base64').toString()) as { conditions: unknown[] };
    expect(policy.conditions).toContainEqual(['content-length-range', 1, 1_000_000]);
    await expect(uploads.complete(user.id, offer.key)).rejects.toMatchObject({ status: 409 });
    expect(await post(offer, EXPORT)).toBe(204);
    const taskId = await uploads.complete(user.id, offer.key);
    expect(await uploads.complete(user.id, offer.key)).toBe(taskId);
    await importing.runner.run(taskId);
    expect(await importing.task(taskId)).toMatchObject({ state: 'succeeded', result: { stored: 1 } });
    expect(await storage.find(offer.key)).toBeNull();
    await expect(uploads.complete((await importing.given.user()).id, offer.key)).rejects.toMatchObject({ status: 404 });
  });

  it('that came with a request passes through the bucket, too', async () => {
    const user = await importing.given.user();
    expect(await importing.import(user.id, Buffer.from(EXPORT))).toMatchObject({ state: 'succeeded' });
  });
});

describe('a notice of the bucket', () => {
  /** The desk with a signing key and an Amazon of our own. */
  function desk(asked: string[] = [], status = 200): SnsDesk {
    const real = importing.app.get(SnsDesk);
    const changed = Object.create(real) as { verifier: SnsVerifier; outbound: unknown };
    const certificates = { key: () => Promise.resolve(keys.publicKey) } as unknown as SnsCertificates;
    changed.verifier = new SnsVerifier(certificates, importing.config);
    changed.outbound = { request: ({ url }: { url: string }) => (asked.push(url), Promise.resolve({ status })) };
    return changed as unknown as SnsDesk;
  }
  const message = (changes: Partial<SnsMessage>): SnsMessage => {
    const unsigned: SnsMessage = {
      Type: 'Notification',
      MessageId: String(Math.random()),
      TopicArn: TOPIC,
      Message: '',
      Timestamp: new Date(NOW).toISOString(),
      Signature: '',
      SignatureVersion: '2',
      SigningCertURL: 'https://sns.eu-north-1.amazonaws.com/SimpleNotificationService-0.pem',
      ...changes,
    };
    const signature = sign('RSA-SHA256', Buffer.from(signedText(unsigned)), keys.privateKey);
    return { ...unsigned, Signature: signature.toString('base64') };
  };
  const notice = (key: string, bucket = 'uploads', eTag = 'e1'): string =>
    JSON.stringify({
      Records: [
        {
          eventSource: 'aws:s3',
          eventName: 'ObjectCreated:Post',
          s3: { bucket: { name: bucket }, object: { key, size: 9, eTag } },
        },
      ],
    });
  const imports = (userId: string): Promise<{ id: string }[]> =>
    importing.database.db.query(`SELECT id FROM file_import WHERE user_id = $1 AND state <> 'expected'`, [userId]);

  it('begins the import of an expected upload; the same again begins nothing', async () => {
    const user = await importing.given.user();
    const offer = await importing.app.get(ClientUploads).offer(user.id, wish);
    expect(await post(offer, EXPORT)).toBe(204);
    const told = message({ MessageId: 'm1', Message: notice(offer.key.replaceAll('/', '%2F')) });
    expect(await desk().receive(told, NOW)).toEqual({ status: 202, response: '1 tasks dispatched' });
    expect(await desk().receive(told, NOW)).toEqual({ status: 202, response: '0 tasks dispatched' });
    expect(await desk().receive(message({ ...told, MessageId: 'm2' }), NOW)).toEqual({
      status: 202,
      response: '0 tasks dispatched',
    });
    const [begun] = await imports(user.id);
    await importing.runner.run(begun!.id);
    expect(await importing.task(begun!.id)).toMatchObject({ state: 'succeeded', result: { stored: 1 } });
    expect(await imports(user.id)).toHaveLength(1);
  });

  it('takes objects that nobody announced, of known users and of our bucket', async () => {
    const user = await importing.given.user();
    const key = `${user.id}/raw/2026-11-01+09%3A00.xml`;
    const stranger = '0b7d1a52-8a0e-4a63-9a0c-4f1f1f0a7a11';
    const dispatched = async (text: string): Promise<string> =>
      (await desk().receive(message({ Message: text }), NOW)).response;
    expect(await dispatched(notice(key, 'another'))).toBe('0 tasks dispatched');
    expect(await dispatched(notice(`${stranger}/raw/a.xml`))).toBe('0 tasks dispatched');
    expect(await dispatched(notice(key))).toBe('1 tasks dispatched');
    expect(await dispatched(notice(key, 'uploads', 'e2'))).toBe('1 tasks dispatched');
    const [begun] = await imports(user.id);
    await importing.runner.run(begun!.id);
    expect(await importing.task(begun!.id)).toMatchObject({ state: 'failed', error: 'The uploaded file is gone' });
  });

  it('that is forged, signed elsewhere or replayed begins nothing', async () => {
    const user = await importing.given.user();
    const told = message({ Message: notice(`${user.id}/raw/a.xml`) });
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const forged = sign('RSA-SHA256', Buffer.from(signedText(told)), other.privateKey).toString('base64');
    const elsewhere = 'https://sns.eu-north-1.amazonaws.com.example.org/SimpleNotificationService-0.pem';
    for (const [given, now, detail] of [
      [{ ...told, Signature: forged }, NOW, 'invalid SNS signature'],
      [{ ...told, Message: notice(`${user.id}/raw/b.xml`) }, NOW, 'invalid SNS signature'],
      [message({ ...told, SigningCertURL: elsewhere }), NOW, 'invalid SNS signature'],
      [message({ ...told, TopicArn: `${TOPIC}2` }), NOW, 'invalid SNS topic ARN'],
      [told, NOW + 2 * 3_600_000, 'stale SNS message'],
    ] as const) {
      await expect(desk().receive(given, now)).rejects.toMatchObject({ status: 403, detail });
    }
    expect(await imports(user.id)).toEqual([]);
  });

  it('may be about something else', async () => {
    expect(await desk().receive(message({ Message: '{"Event":"s3:TestEvent"}' }), NOW)).toEqual({
      status: 200,
      response: 'ignored: s3:TestEvent',
    });
    expect((await desk().receive(message({ Message: 'hello' }), NOW)).status).toBe(200);
    await expect(desk().receive(message({ Type: 'Other' }), NOW)).rejects.toMatchObject({
      status: 400,
      detail: 'unknown message type: Other',
    });
  });

  it('is subscribed to at Amazon and nowhere else', async () => {
    const asked: string[] = [];
    const SubscribeURL = 'https://sns.eu-north-1.amazonaws.com/?Action=ConfirmSubscription&Token=t';
    const confirm = (url: string): SnsMessage =>
      message({ Type: 'SubscriptionConfirmation', Token: 't', SubscribeURL: url });
    expect(await desk(asked).receive(confirm(SubscribeURL), NOW)).toEqual({
      status: 200,
      response: 'subscription_confirmed',
    });
    expect(asked).toEqual([SubscribeURL]);
    await expect(desk(asked, 403).receive(confirm(SubscribeURL), NOW)).rejects.toMatchObject({ status: 400 });
    await expect(
      desk(asked).receive(confirm('https://example.org/?Action=ConfirmSubscription'), NOW),
    ).rejects.toMatchObject({
      status: 400,
    });
    expect(asked).toHaveLength(2);
  });
});
