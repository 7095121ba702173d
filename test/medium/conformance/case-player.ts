import { expect } from '@jest/globals';
import type { JsonObject, JsonValue } from '#libs/model';
import type { GivenUser } from '../../support/given.js';
import { comparableAccount, matches, sourceFacts } from './compare.js';
import type { Account, Delivered } from './conformance-platform.js';
import type { Profile } from './profiles.js';
import type { CloudStrategy } from './providers.js';
import { loggingIn, replaying, unheard } from './replay.js';
import type { Expected, Given, SampleCase } from './sample-case.js';
import { storedAccount } from './stored-account.js';
import type { World } from './world.js';

const DAY_MS = 86_400_000;

/** What was heard of a case besides what is stored. */
interface Heard {
  readonly user: GivenUser;
  readonly delivered: Delivered | null;
  /** What somebody who waits for a pull hears of its failure. */
  readonly error: JsonObject | null;
}

/** Plays the cases of one provider: does what they say, and holds what became of it against what they expect. */
export class CasePlayer {
  constructor(
    private readonly world: World,
    private readonly strategy: CloudStrategy,
    private readonly profile: Profile,
    private readonly others: readonly SampleCase[],
  ) {}

  async play(one: SampleCase): Promise<void> {
    await this.world.platform.under(one.given.settings, async () => {
      if (one.kind === 'identity') return this.expect(one, { ...(await this.logIn(one)), since: 0 });
      const account = await this.world.platform.connect(this.strategy.code, one.given);
      for (const id of one.given.after ?? []) {
        const before = this.others.find((other) => other.id === id);
        if (!before) throw new Error(`${one.id} comes after ${id}, which there is not`);
        await this.act(account, before);
      }
      const since = await this.lastAnnouncement();
      await this.expect(one, { ...(await this.act(account, one)), since });
    });
  }

  /** Does what the case says; the vendor answers what it lists, and nothing to all else. */
  private async act(account: Account, one: SampleCase): Promise<Heard> {
    const { platform, vendor } = this.world;
    const { user } = account;
    const { given, delivery, kind, query, headers, method, body, expected } = one;
    vendor.reset(replaying(this.strategy, one, loggingIn(this.profile)));
    if (delivery !== 'pull') {
      const delivered =
        kind === 'challenge' && method === 'GET'
          ? await platform.challenge(this.strategy.code, query)
          : await platform.deliver(this.strategy.code, { body: body ?? '', headers }, new Date(given.now));
      return { user, delivered, error: null };
    }
    const window = windowOf(given);
    if (expected.error) {
      const failure = await platform.ask(account, window);
      return {
        user,
        delivered: null,
        error: failure && { status: failure.status, detail: failure.detail as JsonValue },
      };
    }
    const { resources } = await platform.run(await platform.request(account, window), given.now);
    const errors = Object.values(resources).flatMap((tally) => (tally as JsonObject)['error'] ?? []);
    if (kind === 'error') expect(errors).not.toEqual([]);
    else expect(errors).toEqual([]);
    // Whatever is listed was asked for.
    expect(unheard(this.strategy, one, vendor)).toEqual([]);
    return { user, delivered: null, error: null };
  }

  /** Account lookup after OAuth: the case lists what the vendor says of the account. */
  private async logIn(one: SampleCase): Promise<Heard> {
    const { platform, vendor } = this.world;
    vendor.reset(replaying(this.strategy, one, loggingIn(this.profile)));
    const { user, location } = await platform.authorize(this.strategy.code);
    expect(location).toContain('/oauth/success');
    expect(unheard(this.strategy, one, vendor)).toEqual([]);
    return { user, delivered: null, error: null };
  }

  private async expect({ expected }: SampleCase, heard: Heard & { since: number }): Promise<void> {
    await this.expectData(heard.user, expected);
    await this.expectConnection(heard, expected);
    const { delivered, error } = heard;
    expect(error).toEqual(expected.error ?? null);
    if (expected.answer) expect(delivered?.answer).toEqual(expected.answer);
    if (expected.answer && expected.answer.status !== 200) expect(delivered?.result).toBeNull();
    if (expected.job_result) {
      const { job_result: wanted } = expected;
      const isMatch = matches(wanted, delivered?.result);
      expect({ result: delivered?.result, wanted, isMatch }).toMatchObject({ isMatch: true });
    }
  }

  private async expectData({ key }: GivenUser, expected: Expected): Promise<void> {
    const stored = await storedAccount(this.world.database.db, key);
    const listed = expected.data_sources ?? null;
    const wanted = { ...expected, data_sources: listed ?? stored.data_sources };
    expect(comparableAccount(stored)).toEqual(comparableAccount(wanted));
    if (listed)
      expect(stored.data_sources).toEqual(
        expect.arrayContaining(sourceFacts(listed).map((facts) => expect.objectContaining(facts))),
      );
  }

  private async expectConnection({ user, since }: Heard & { since: number }, expected: Expected): Promise<void> {
    const { db } = this.world.database;
    if (expected.connection) {
      const [row] = await db.query<JsonObject>(
        `SELECT *, num_nonnulls(access_token_encrypted, refresh_token_encrypted, token_expires_at) = 0 AS tokens_cleared
         FROM connection WHERE user_id = $1`,
        [user.id],
      );
      expect(row).toMatchObject(expected.connection);
    }
    if (!expected.outgoing) return;
    const outgoing = await db.query<JsonObject>(
      `SELECT kind AS type, payload ->> 'reason' AS reason FROM outbox
       WHERE user_key = $1 AND id > $2 AND kind LIKE 'connection.%'`,
      [user.key, since],
    );
    expect(outgoing).toEqual(expected.outgoing);
  }

  private async lastAnnouncement(): Promise<number> {
    const { db } = this.world.database;
    const [row] = await db.query<{ id: number }>('SELECT coalesce(max(id), 0)::int AS id FROM outbox');
    return row?.id ?? 0;
  }
}

/** What is asked for; without a word about it the last thirty days. */
export const windowOf = ({ window, now }: Given): { start: string; end: string } =>
  window ?? { start: new Date(Date.parse(now) - 30 * DAY_MS).toISOString(), end: now };
