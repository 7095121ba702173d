import { generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { AppConfig } from '#libs/config';
import type { OutboundClient } from '#libs/outbound';
import { amazonUrl, certificateUrl } from './amazon-url.js';
import { readBucketNotice } from './created-objects.js';
import { signedText } from './signed-text.js';
import { SnsCertificates } from './sns-certificates.js';
import { readSnsMessage, type SnsMessage } from './sns-message.js';
import { SnsVerifier } from './sns-verifier.js';

const NOW = Date.parse('2026-11-01T10:00:00Z');
const TOPIC = 'arn:aws:sns:eu-north-1:123456789012:uploads';
const CERTIFICATE = 'https://sns.eu-north-1.amazonaws.com/SimpleNotificationService-0123abc.pem';
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

function signed(changes: Partial<SnsMessage> = {}, version = '2'): SnsMessage {
  const message: SnsMessage = {
    Type: 'Notification',
    MessageId: 'm1',
    TopicArn: TOPIC,
    Message: '{}',
    Timestamp: new Date(NOW - 60_000).toISOString(),
    SignatureVersion: version,
    SigningCertURL: CERTIFICATE,
    Signature: '',
    ...changes,
  };
  const hash = version === '2' ? 'RSA-SHA256' : 'RSA-SHA1';
  return { ...message, Signature: sign(hash, Buffer.from(signedText(message)), keys.privateKey).toString('base64') };
}

function verifier(topic: string | null = TOPIC): SnsVerifier {
  const certificates = { key: () => Promise.resolve(keys.publicKey) } as unknown as SnsCertificates;
  return new SnsVerifier(certificates, { snsTopicArn: topic } as AppConfig);
}

describe('SnsVerifier', () => {
  it.each(['1', '2'])('believes what Amazon has signed, version %s', async (version) => {
    await verifier().check(signed({ Subject: 'S3' }, version), NOW);
  });

  it.each<[string, SnsMessage, string]>([
    ['a changed message', { ...signed(), Message: '{"Records":[]}' }, 'invalid SNS signature'],
    ['a changed topic', { ...signed(), TopicArn: `${TOPIC}2` }, 'invalid SNS signature'],
    ['no signature', { ...signed(), Signature: '' }, 'invalid SNS signature'],
    ['rubbish for a signature', { ...signed(), Signature: '%%%' }, 'invalid SNS signature'],
    [
      'a certificate from elsewhere',
      signed({ SigningCertURL: 'https://sns.eu-north-1.amazonaws.com.example.org/SimpleNotificationService-0.pem' }),
      'invalid SNS signature',
    ],
    ['another topic', signed({ TopicArn: `${TOPIC}2` }), 'invalid SNS topic ARN'],
    ['an old message', signed({ Timestamp: new Date(NOW - 3_600_001).toISOString() }), 'stale SNS message'],
    ['a message of tomorrow', signed({ Timestamp: new Date(NOW + 86_400_000).toISOString() }), 'stale SNS message'],
    ['a message without a time', signed({ Timestamp: 'now' }), 'stale SNS message'],
  ])('refuses %s', async (_name, message, detail) => {
    await expect(verifier().check(message, NOW)).rejects.toMatchObject({ status: 403, detail });
  });

  it('refuses everything where no topic is configured', async () => {
    await expect(verifier(null).check(signed(), NOW)).rejects.toMatchObject({ detail: 'invalid SNS topic ARN' });
  });
});

describe('SnsCertificates', () => {
  const pem = readFileSync(new URL('./fixtures/certificate.pem', import.meta.url));
  const valid = Date.parse('2030-01-01T00:00:00Z');

  it('fetches each once a day', async () => {
    const asked: string[] = [];
    const outbound = {
      request: ({ url }: { url: string }) => {
        asked.push(url);
        return Promise.resolve({ status: 200, headers: {}, body: pem, isCut: false });
      },
    } as unknown as OutboundClient;
    const certificates = new SnsCertificates(outbound);
    const key = await certificates.key(CERTIFICATE, valid);
    expect(await certificates.key(CERTIFICATE, valid + 1000)).toBe(key);
    await certificates.key(CERTIFICATE, valid + 25 * 3_600_000);
    expect(asked).toEqual([CERTIFICATE, CERTIFICATE]);
  });

  it.each([
    [404, pem, valid],
    [200, Buffer.from('<html>'), valid],
    [200, pem, Date.parse('2020-01-01T00:00:00Z')],
  ])('refuses status %d with %#', async (status, body, now) => {
    const outbound = { request: () => Promise.resolve({ status, body }) } as unknown as OutboundClient;
    await expect(new SnsCertificates(outbound).key(CERTIFICATE, now)).rejects.toThrow();
  });
});

describe('addresses', () => {
  it.each([CERTIFICATE, 'https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-ab12.pem'])('%s', (url) =>
    expect(certificateUrl(url)).toBe(url),
  );
  it.each([
    'http://sns.eu-north-1.amazonaws.com/SimpleNotificationService-0.pem',
    'https://sns.eu-north-1.amazonaws.com:8443/SimpleNotificationService-0.pem',
    'https://a@sns.eu-north-1.amazonaws.com/SimpleNotificationService-0.pem',
    'https://sns.eu-north-1.amazonaws.com/other.pem',
    'https://sns.eu-north-1.amazonaws.com/SimpleNotificationService-0.pem?x=1',
    'https://s3.eu-north-1.amazonaws.com/SimpleNotificationService-0.pem',
    'https://example.org/SimpleNotificationService-0.pem',
    'nonsense',
  ])('%s is refused', (url) => expect(certificateUrl(url)).toBeNull());
  it('of confirmations lie at Amazon, too', () => {
    expect(amazonUrl('https://sns.eu-north-1.amazonaws.com/?Action=ConfirmSubscription')).not.toBeNull();
    expect(amazonUrl('https://sns.eu-north-1.amazonaws.com.evil.org/')).toBeNull();
  });
});

describe('readBucketNotice', () => {
  const user = '0b7d1a52-8a0e-4a63-9a0c-4f1f1f0a7a11';
  const record = (key: string, changes: object = {}): object => ({
    eventSource: 'aws:s3',
    eventName: 'ObjectCreated:Post',
    s3: { bucket: { name: 'b' }, object: { key, size: 5, eTag: 'e' } },
    ...changes,
  });
  const objects = (...records: object[]): unknown => readBucketNotice(JSON.stringify({ Records: records }));

  it('decodes keys', () => {
    expect(objects(record(`${user}/raw/2026-11-01+09%3A00%3A00%2B00.xml`))).toEqual({
      kind: 'objects',
      objects: [{ bucket: 'b', key: `${user}/raw/2026-11-01 09:00:00+00.xml`, userId: user, sizeBytes: 5, etag: 'e' }],
    });
  });

  it.each([
    record('nobody/raw/a.xml'),
    record(`${user}/a.xml`),
    record(`${user}/raw/%E0%A4%A`),
    record(`${user}/raw/a.xml`, { eventSource: 'aws:ses' }),
    record(`${user}/raw/a.xml`, { eventName: 'ObjectRemoved:Delete' }),
    { eventSource: 'aws:s3' },
  ])('leaves out what is no upload of a user: %#', (given) => {
    expect(objects(given)).toEqual({ kind: 'objects', objects: [] });
  });

  it('knows what is no notice', () => {
    expect(readBucketNotice('{"Event":"s3:TestEvent"}')).toEqual({ kind: 'test' });
    for (const text of ['hello', '[]', '{}', '{"Records":1}']) expect(readBucketNotice(text)).toBeNull();
  });
});

describe('readSnsMessage', () => {
  it.each<[unknown, string]>([
    [undefined, 'Input should be a valid dictionary'],
    ['[]', 'Input should be a valid dictionary'],
    ['{', 'JSON decode error - '],
    [{ Type: 'Notification' }, 'MessageId: Field required'],
    [{ ...signed(), Message: 1 }, 'Message: Input should be a valid string'],
    [{ ...signed(), Subject: 1 }, 'Subject: Input should be a valid string'],
  ])('refuses %j', (body, detail) => {
    expect(() => readSnsMessage(body)).toThrow(
      expect.objectContaining({ status: 400, detail: expect.stringContaining(detail) as unknown }),
    );
  });
  it('reads text and objects', () => {
    const message = signed();
    expect(readSnsMessage(JSON.stringify({ ...message, Subject: null }))).toEqual(message);
    expect(readSnsMessage(message)).toEqual(message);
  });
});
