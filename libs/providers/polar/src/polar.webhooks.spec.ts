import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '#libs/model';
import type { NoticeOutcome } from '#libs/providers/kit';
import { polarWebhooks } from './polar.webhooks.js';

const outcome: NoticeOutcome = {
  userId: 'u',
  points: 3,
  workouts: 0,
  sleep: 1,
  scores: 0,
  removed: 0,
  dropped: 0,
  skipped: {},
};
const noticeOf = (body: JsonValue) => polarWebhooks.interpret(body)[0]!;
const sleep = (url: JsonValue) => noticeOf({ event: 'SLEEP', user_id: 5, url });

describe('the address in a notice', () => {
  it.each<[JsonValue, string]>([
    ['https://www.polaraccesslink.com/v3/users/sleep/2026-03-09', '/v3/users/sleep/2026-03-09'],
    ['https://evil.example/v3/users/sleep/2026-03-09#x', '/v3/users/sleep/2026-03-09'],
    ['http://localhost:9000/polar/v3/exercises/a?x=1&y=2', '/v3/exercises/a?x=1&y=2'],
  ])('%s is fetched from our own API base', (url, path) =>
    expect(sleep(url).action).toEqual({ kind: 'object', resource: 'sleep', id: path }),
  );

  it.each<JsonValue>([null, '', 'https://evil.example/', 'https://x/v3/../../admin', 'https://x/v3/a b', '/v3/'])(
    '%j is none',
    (url) => {
      const { action, report } = sleep(url);
      expect(action.kind).toBe('nothing');
      expect(report.done(outcome)).toEqual({ status: 'error', error: 'missing url' });
    },
  );
});

it('a notice about nobody belongs to nobody', () => {
  const { account, report } = noticeOf({ event: 'SLEEP', url: 'https://x/v3/a' });
  expect(account).toEqual({ id: '' });
  expect(report.unknownAccount).toEqual({ status: 'error', error: 'missing user_id' });
});

it('counts what was saved under the name of its kind', () => {
  const url = 'https://x/v3/a';
  const saved = (event: string) => noticeOf({ event, user_id: 5, url }).report.done(outcome)['saved'];
  expect(['SLEEP', 'CONTINUOUS_HEART_RATE', 'SLEEP_WISE_ALERTNESS', 'PHYSICAL_INFORMATION'].map(saved)).toEqual([
    { sleep: 1 },
    { continuous_hr: 3 },
    {},
    {},
  ]);
});

it.each<JsonValue>([
  { event: 'SLEEP', user_id: '5' },
  { event: 'SLEEP', user_id: 5, url: 7 },
  { event: 'constructor', user_id: 5 },
  { user_id: 5 },
])('turns %j away', (body) => expect(polarWebhooks.problemOf!(body)).toBe('Invalid JSON body'));

it('only a ping needs no signature', () => {
  const environment = {
    clientId: null,
    clientSecret: null,
    webhookSecret: 'shh',
    subscriptionIds: [],
    granularity: 'raw' as const,
    setting: () => null,
  };
  const verify = (body: string) =>
    polarWebhooks.verify({ body: Buffer.from(body), headers: {}, receivedAt: 0 }, environment).kind;
  expect(verify('{"event":"PING"}')).toBe('answer');
  expect(verify('{"event":"SLEEP","note":"PING"}')).toBe('refuse');
  expect(verify('PING')).toBe('refuse');
  expect(verify(JSON.stringify({ event: 'PING', more: 'x'.repeat(5000) }))).toBe('refuse');
});
