import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { parseIsoInstant, type JsonObject } from '#libs/model';
import { InvalidPayload, type NoticeOutcome, type ProviderEnvironment } from '#libs/providers/kit';
import { ouraWebhooks } from './oura.webhooks.js';

const environment: ProviderEnvironment = {
  clientId: 'id',
  clientSecret: 'secret',
  webhookSecret: null,
  subscriptionIds: [],
  granularity: 'raw',
  setting: () => null,
};
const receivedAt = parseIsoInstant('2026-03-10T08:00:00Z')!;
const NOW_SECONDS = 1_773_129_600;

describe('signatures', () => {
  const body = Buffer.from('{"a":1}');
  const sign = (timestamp: string): string =>
    createHmac('sha256', 'secret').update(timestamp).update(body).digest('hex');
  const verify = (headers: Record<string, string>, known = environment) =>
    ouraWebhooks.verify({ body, headers, receivedAt }, known).kind;

  it.each<[string, string]>([
    [String(NOW_SECONDS), 'accept'],
    [String(NOW_SECONDS + 300), 'accept'],
    [String(NOW_SECONDS - 301), 'refuse'],
    [String(NOW_SECONDS * 1000), 'accept'],
    ['', 'refuse'],
    ['soon', 'refuse'],
  ])('at %s: %s', (timestamp, kind) => {
    const signature = sign(timestamp);
    expect(verify({ 'x-oura-timestamp': timestamp, 'x-oura-signature': signature })).toBe(kind);
    expect(verify({ 'x-oura-timestamp': timestamp, 'x-oura-signature': signature.toUpperCase() })).toBe(kind);
  });

  it('need headers and a secret of ours', () => {
    const timestamp = String(NOW_SECONDS);
    expect(verify({ 'x-oura-timestamp': timestamp })).toBe('refuse');
    expect(verify({ 'x-oura-signature': sign(timestamp) })).toBe('refuse');
    const headers = { 'x-oura-timestamp': timestamp, 'x-oura-signature': sign(timestamp) };
    expect(verify(headers, { ...environment, clientSecret: null })).toBe('refuse');
  });

  it('are asked for even where no token is set', () =>
    expect(() => ouraWebhooks.challenge!({ verification_token: '' }, environment)).toThrow());
});

describe('notices', () => {
  const outcome: NoticeOutcome = {
    userId: 'u',
    points: 9,
    workouts: 1,
    sleep: 2,
    scores: 3,
    removed: 1,
    dropped: 0,
    skipped: {},
  };
  const noticeOf = (changes: JsonObject) =>
    ouraWebhooks.interpret({ event_type: 'update', data_type: 'sleep', user_id: 'x', object_id: 'o', ...changes })[0]!;

  it.each<[JsonObject, JsonObject]>([
    [{}, { records_saved: 2 }],
    [{ data_type: 'workout' }, { records_saved: 1 }],
    [{ data_type: 'daily_sleep' }, { records_saved: 3 }],
    [{ data_type: 'vO2_max' }, { records_saved: 9, data_type: 'vO2_max' }],
    [{ event_type: 'delete' }, { status: 'deleted', records_deleted: 1 }],
    [
      { event_type: 'delete', data_type: 'daily_sleep' },
      { status: 'ignored', reason: 'delete_event' },
    ],
    [{ data_type: 'tag' }, { status: 'ignored', reason: 'unhandled_data_type: tag' }],
  ])('%j end in %j', (changes, result) => expect(noticeOf(changes).report.done(outcome)).toMatchObject(result));

  it('of deletions that nobody can follow are ignored, whoever they concern', () =>
    expect(noticeOf({ event_type: 'delete', data_type: 'daily_sleep' }).report.unknownAccount).toEqual({
      status: 'ignored',
      reason: 'delete_event',
    }));

  it.each<JsonObject>([{ user_id: null }, { data_type: 7 }, { event_type: '' }])('with %j make no sense', (changes) =>
    expect(() => noticeOf(changes)).toThrow(InvalidPayload),
  );
});
