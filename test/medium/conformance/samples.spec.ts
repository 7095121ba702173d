import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#libs/model';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { comparableAccount, matches, sourceFacts } from './compare.js';
import { ConformancePlatform, type Account, type Delivered } from './conformance-platform.js';
import { LocalVendor } from './local-vendor.js';
import { CLOUD_STRATEGIES, type CloudStrategy } from './providers.js';
import { replaying, unheard } from './replay.js';
import { hasOwnSettings, readSamples, type SampleCase, type Samples } from './sample-case.js';
import { storedAccount } from './stored-account.js';

let database: TestDatabase;
let vendor: LocalVendor;
let common: ConformancePlatform;
const executed = new Map<string, number>();

const samplesOf = new Map(CLOUD_STRATEGIES.map(({ code }) => [code, readSamples(code)]));
const allSettings = Object.assign({}, ...[...samplesOf.values()].map(({ settings }) => settings)) as JsonObject;

beforeAll(async () => {
  database = await openTestDatabase();
  vendor = await LocalVendor.open();
  common = await ConformancePlatform.open(database, vendor, allSettings);
});

afterAll(async () => {
  await common.close();
  await vendor.close();
  await database.close();
});

describe.each(CLOUD_STRATEGIES.map((strategy) => [strategy.code, strategy] as const))('%s', (code, strategy) => {
  const samples = samplesOf.get(code)!;

  it.each(samples.cases.map((one) => [one.id, one] as const))('%s', async (_, one) => {
    await runCase(strategy, samples, one);
    executed.set(code, (executed.get(code) ?? 0) + 1);
  });

  it('has no case that was not executed', () => {
    expect(executed.get(code)).toBe(samples.cases.length);
  });
});

async function runCase(strategy: CloudStrategy, samples: Samples, one: SampleCase): Promise<void> {
  const platform = hasOwnSettings(one, samples)
    ? await ConformancePlatform.open(database, vendor, { ...allSettings, ...one.given.settings })
    : common;
  try {
    const account = await platform.connect(strategy.code, one.given);
    for (const id of one.given.after ?? []) {
      const before = samples.cases.find((other) => other.id === id);
      if (!before) throw new Error(`${one.id} comes after ${id}, which there is not`);
      await play(platform, strategy, account, before);
    }
    const since = await lastAnnouncement();
    const delivered = await play(platform, strategy, account, one);
    await expectData(account, one);
    await expectConsequences(account, one, delivered, since);
  } finally {
    if (platform !== common) await platform.close();
  }
}

/** Does what the case says; the vendor answers what it lists, and nothing to all else. */
async function play(
  platform: ConformancePlatform,
  strategy: CloudStrategy,
  account: Account,
  one: SampleCase,
): Promise<Delivered | null> {
  const { given, delivery, kind, query, headers, method, body } = one;
  vendor.reset(replaying(strategy, one));
  if (delivery === 'pull') {
    if (!given.window) throw new Error('A pull needs a window');
    const { resources } = await platform.run(await platform.request(account, given.window), given.now);
    const errors = Object.values(resources).flatMap((tally) => (tally as JsonObject)['error'] ?? []);
    expect(errors).toEqual([]);
    // Whatever is listed was asked for.
    expect(unheard(strategy, one, vendor)).toEqual([]);
    return null;
  }
  if (kind === 'challenge' && method === 'GET') return platform.challenge(strategy.code, query);
  return platform.deliver(strategy.code, { body: body ?? '', headers }, new Date(given.now));
}

async function expectData({ user }: Account, { expected }: SampleCase): Promise<void> {
  const stored = await storedAccount(database.db, user.key);
  const listed = expected.data_sources ?? null;
  const wanted = { ...expected, data_sources: listed ?? stored.data_sources };
  expect(comparableAccount(stored)).toEqual(comparableAccount(wanted));
  if (listed)
    expect(stored.data_sources).toEqual(
      expect.arrayContaining(sourceFacts(listed).map((facts) => expect.objectContaining(facts))),
    );
}

async function expectConsequences(
  { user, connectionId }: Account,
  { expected }: SampleCase,
  delivered: Delivered | null,
  since: number,
): Promise<void> {
  if (expected.answer) expect(delivered?.answer).toEqual(expected.answer);
  if (expected.job_result) {
    const { job_result: wanted } = expected;
    expect({ result: delivered?.result, wanted, isMatch: matches(wanted, delivered?.result) }).toMatchObject({
      isMatch: true,
    });
  }
  if (expected.answer && expected.answer.status !== 200) expect(delivered?.result).toBeNull();
  if (expected.connection) {
    const [row] = await database.db.query<JsonObject>(
      `SELECT *, num_nonnulls(access_token_encrypted, refresh_token_encrypted, token_expires_at) = 0 AS tokens_cleared
       FROM connection WHERE id = $1`,
      [connectionId],
    );
    expect(row).toMatchObject(expected.connection);
  }
  const outgoing = await database.db.query<JsonObject>(
    `SELECT kind AS type, payload ->> 'reason' AS reason FROM outbox WHERE user_key = $1 AND id > $2 AND kind LIKE 'connection.%'`,
    [user.key, since],
  );
  if (expected.outgoing) expect(outgoing).toEqual(expected.outgoing);
}

async function lastAnnouncement(): Promise<number> {
  const [row] = await database.db.query<{ id: number }>('SELECT coalesce(max(id), 0)::int AS id FROM outbox');
  return row?.id ?? 0;
}
