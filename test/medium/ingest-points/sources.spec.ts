import { afterAll, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { HealthWriter, resolveSources } from '#libs/ingest';
import type { SourceIdentity } from '#libs/model';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given } from '../../support/given.js';
import { batchOf, NOW, point, WATCH } from './batches.js';

jest.setTimeout(60_000);

let test: TestDatabase;
let user: { id: string; key: number };

beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(() => test.close());
beforeEach(async () => {
  user = await given(test.db).user();
});

const resolve = (identities: readonly SourceIdentity[]) => resolveSources(test.db, user, 'apple', identities);
const stored = () =>
  test.db.query(
    `SELECT id, source, device_model, device_type, software_version, original_source_name, connection_id
     FROM data_source WHERE user_key = $1 ORDER BY device_model, source`,
    [user.key],
  );

it('makes a source once and finds it again', async () => {
  const first = await resolve([WATCH, { ...WATCH, deviceModel: null }, WATCH]);
  expect(new Set(first).size).toBe(2);
  expect(first[2]).toBe(first[0]);
  expect(await resolve([{ ...WATCH, deviceModel: null }, WATCH])).toEqual([first[1], first[0]]);
  expect(await stored()).toHaveLength(2);
});

it('takes empty text for none and cuts what is too long', async () => {
  const long = 'ä'.repeat(150);
  const [first, second, third, fourth] = await resolve([
    { ...WATCH, source: '', deviceModel: '' },
    { ...WATCH, source: null, deviceModel: null },
    { ...WATCH, deviceModel: long },
    { ...WATCH, deviceModel: `${'ä'.repeat(100)}x\0` },
  ]);
  expect(second).toBe(first);
  expect(fourth).toBe(third);
  expect(await stored()).toMatchObject([{ device_model: 'ä'.repeat(100) }, { source: null, device_model: null }]);
});

it('survives halves of surrogate pairs that become equal in the database', async () => {
  const [first, second] = await resolve([
    { ...WATCH, source: 'a\uD800' },
    { ...WATCH, source: 'a\uDBFF' },
  ]);
  expect(second).toBe(first);
});

it('tells providers and users apart', async () => {
  const [apple] = await resolve([WATCH]);
  const [google] = await resolveSources(test.db, user, 'google', [WATCH]);
  const [other] = await resolveSources(test.db, await given(test.db).user(), 'apple', [WATCH]);
  expect(new Set([apple, google, other]).size).toBe(3);
});

it.each<[string, Partial<SourceIdentity>, string | null]>([
  ['the declared type', { deviceModel: 'iPhone17,2', deviceType: 'scale' }, 'scale'],
  ['the type of the model', { deviceModel: 'Watch7,1' }, 'watch'],
  ['the type of the model when unknown is declared', { deviceModel: 'Watch7,1', deviceType: 'unknown' }, 'watch'],
  ['the type of the source name without a model', { deviceModel: null, source: 'Oura' }, 'ring'],
  ['no type when nothing tells', { deviceModel: null, source: null }, null],
])('stores %s', async (_, fields, deviceType) => {
  await resolve([{ ...WATCH, ...fields }]);
  expect(await stored()).toMatchObject([{ device_type: deviceType }]);
});

it('fills in what was not known and keeps the latest software version', async () => {
  const bare = { ...WATCH, source: 'x', deviceModel: null };
  await resolve([bare]);
  expect(await stored()).toMatchObject([{ device_type: null, connection_id: null, software_version: null }]);
  const connection = await given(test.db).connection(user, 'apple');
  await given(test.db).connection(user, 'garmin');
  const full = { ...bare, deviceType: 'band', softwareVersion: '11.1', originalSourceName: 'First' } as const;
  await resolve([full]);
  await resolve([{ ...full, deviceType: 'ring', softwareVersion: '11.2', originalSourceName: 'Second' }]);
  await resolve([bare]);
  expect(await stored()).toMatchObject([
    {
      device_type: 'band',
      software_version: '11.2',
      original_source_name: 'First',
      connection_id: connection.id,
    },
  ]);
});

it('does not write a source that says nothing new', async () => {
  await resolve([WATCH]);
  const version = () => test.db.query('SELECT xmin::text FROM data_source WHERE user_key = $1', [user.key]);
  const before = await version();
  await resolve([WATCH, { ...WATCH, deviceType: 'phone' }]);
  expect(await version()).toEqual(before);
});

it('is made once by writers that come at the same moment', async () => {
  const all = await Promise.all(Array.from({ length: 8 }, () => resolve([WATCH, { ...WATCH, source: null }])));
  expect(new Set(all.flat()).size).toBe(2);
});

it('keeps points of two sources with equal identity after cleaning in one stream', async () => {
  const batch = batchOf([point('2026-05-01T10:00:00Z'), point('2026-05-01T10:00:00Z', { sourceIndex: 1, value: 70 })], {
    sources: [WATCH, { ...WATCH, source: `${WATCH.source}\0` }],
  });
  const report = await new HealthWriter().write(test.db, user, batch, { now: NOW });
  expect(report.points).toEqual({ inserted: 1, updated: 0, unchanged: 1 });
});
