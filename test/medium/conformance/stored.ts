import { expect } from '@jest/globals';
import type { JsonObject } from '#libs/model';
import { comparableAccount } from './compare.js';
import type { Account } from './conformance-platform.js';
import type { VendorBehaviour, VendorReply } from './local-vendor.js';
import type { CloudStrategy } from './providers.js';
import { isHit, replaying } from './replay.js';
import type { Expected, SampleCase } from './sample-case.js';
import { storedAccount } from './stored-account.js';
import { SAMPLES, type World } from './world.js';

export function sampleOf(code: string, id: string): SampleCase {
  const found = SAMPLES.get(code)?.cases.find((one) => one.id === id);
  if (!found) throw new Error(`${code} has no case ${id}`);
  return found;
}

/** A vendor that behaves like this the first time it is asked for what the case lists, and then as it should. */
export function onceWrong(
  strategy: CloudStrategy,
  one: SampleCase,
  reply: VendorReply,
): VendorBehaviour & { readonly strikes: number } {
  const well = replaying(strategy, one);
  let strikes = 0;
  const behave: VendorBehaviour = (hit) => {
    if (strikes > 0 || !one.calls.some((call) => isHit(strategy, call, hit))) return well(hit);
    strikes++;
    return reply;
  };
  return Object.defineProperty(behave, 'strikes', { get: () => strikes }) as ReturnType<typeof onceWrong>;
}

export async function expectStored(
  { database }: World,
  { user }: Account,
  { series, events, scores }: Pick<Expected, 'series' | 'events' | 'scores'>,
): Promise<void> {
  const stored = { ...(await storedAccount(database.db, user.key)), data_sources: [] };
  expect(comparableAccount(stored)).toEqual(comparableAccount({ series, events, scores }));
}

export const expectNothing = (world: World, account: Account): Promise<void> =>
  expectStored(world, account, { series: [], events: [], scores: [] });

export async function connectionOf({ database }: World, { connectionId }: Account): Promise<JsonObject | undefined> {
  const [row] = await database.db.query<JsonObject>('SELECT * FROM connection WHERE id = $1', [connectionId]);
  return row;
}

export async function announced({ database }: World, { user }: Account): Promise<string[]> {
  const rows = await database.db.query<{ told: string }>(
    `SELECT kind || ' ' || coalesce(payload ->> 'reason', '') AS told FROM outbox
     WHERE user_key = $1 AND kind LIKE 'connection.%' ORDER BY id`,
    [user.key],
  );
  return rows.map(({ told }) => told);
}

/** How much integrators hear of the user's data. */
export async function outboxSize({ database }: World, { user }: Account): Promise<number> {
  const [row] = await database.db.query<{ size: number }>(
    `SELECT count(*)::int AS size FROM outbox WHERE user_key = $1 AND kind NOT LIKE 'sync.%'`,
    [user.key],
  );
  return row?.size ?? 0;
}
