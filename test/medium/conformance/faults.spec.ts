import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#libs/model';
import { RetryLater } from '#libs/queue';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { comparableAccount } from './compare.js';
import { ConformancePlatform, type Account } from './conformance-platform.js';
import { LocalVendor, type VendorBehaviour, type VendorHit, type VendorReply } from './local-vendor.js';
import { PROFILES, type Profile } from './profiles.js';
import { CLOUD_STRATEGIES } from './providers.js';
import { isHit, replaying } from './replay.js';
import { readSamples, type Expected, type SampleCase } from './sample-case.js';
import { storedAccount } from './stored-account.js';

let database: TestDatabase;
let vendor: LocalVendor;
let platform: ConformancePlatform;

const samplesOf = new Map(CLOUD_STRATEGIES.map(({ code }) => [code, readSamples(code)]));
const allSettings = Object.assign({}, ...[...samplesOf.values()].map(({ settings }) => settings)) as JsonObject;

beforeAll(async () => {
  database = await openTestDatabase();
  vendor = await LocalVendor.open();
  platform = await ConformancePlatform.open(database, vendor, allSettings);
});

beforeEach(() => platform.forgetBudgets());

afterAll(async () => {
  await platform.close();
  await vendor.close();
  await database.close();
});

const NOTHING: Pick<Expected, 'series' | 'events' | 'scores'> = { series: [], events: [], scores: [] };

describe.each(CLOUD_STRATEGIES.map((strategy) => [strategy.code, strategy] as const))('%s', (code, strategy) => {
  const profile = PROFILES[code] as Profile;
  const find = (id: string): SampleCase => samplesOf.get(code)!.cases.find((one) => one.id === id)!;
  const pulled = find(profile.pull);
  const data = ({ series, events, scores }: Expected) => ({ series, events, scores });

  /** A vendor that behaves like this the first time it is asked for what the case lists, and then as it should. */
  const onceWrong = (reply: VendorReply): VendorBehaviour => {
    const well = replaying(strategy, pulled);
    let isPast = false;
    return (hit) => {
      if (isPast || !pulled.calls.some((call) => isHit(strategy, call, hit))) return well(hit);
      isPast = true;
      return reply;
    };
  };

  async function start(behaviour: VendorBehaviour, one = pulled): Promise<{ account: Account; taskId: string }> {
    const account = await platform.connect(code, one.given);
    vendor.reset(behaviour);
    return { account, taskId: await platform.request(account, one.given.window!) };
  }

  const run = (taskId: string, one = pulled) => platform.run(taskId, one.given.now);
  const expectStored = async (account: Account, wanted: Pick<Expected, 'series' | 'events' | 'scores'>) =>
    expect(comparableAccount({ ...(await storedAccount(database.db, account.user.key)), data_sources: [] })).toEqual(
      comparableAccount(wanted),
    );

  describe('pulling', () => {
    it.each<[string, VendorReply]>([
      ['an error of the vendor', { status: 500, body: 'Oops' }],
      ['a cut connection', { isCut: true }],
      ['a vendor that says nothing', { isSilent: true }],
    ])('asks again after %s', async (_, reply) => {
      const { account, taskId } = await start(onceWrong(reply));
      expect((await run(taskId)).state).toBe('succeeded');
      await expectStored(account, data(pulled.expected));
    });

    it('stores nothing of an answer that is garbage, says so, and has it all the next time', async () => {
      const { account, taskId } = await start(onceWrong({ body: '<html>maintenance</html>' }));
      const { resources } = await run(taskId);
      expect(Object.values(resources)).toContainEqual(expect.objectContaining({ error: expect.any(String) }));
      await expectStored(account, NOTHING);
      await run(await platform.request(account, pulled.given.window!));
      await expectStored(account, data(pulled.expected));
    });

    it('comes back when the vendor wants to be left alone', async () => {
      const { account, taskId } = await start(onceWrong({ status: 429, headers: { 'retry-after': '120' } }));
      const postponed = await run(taskId).catch((error: unknown) => error);
      expect(postponed).toBeInstanceOf(RetryLater);
      expect((postponed as RetryLater).delayMs).toBeGreaterThan(110_000);
      const asked = vendor.hits.length;
      await expect(run(taskId)).rejects.toBeInstanceOf(RetryLater);
      expect(vendor.hits).toHaveLength(asked);
      await platform.forgetBudgets();
      expect((await run(taskId)).state).toBe('succeeded');
      await expectStored(account, data(pulled.expected));
    });

    it('gets a new token in the middle, once', async () => {
      const well = replaying(strategy, pulled);
      const { account, taskId } = await start((hit) => {
        if (isToken(hit)) return { body: { access_token: 'syn-new', refresh_token: 'syn-next', expires_in: 3600 } };
        const isExpired = vendor.hits.length > 1 && hit.authorization !== 'Bearer syn-new';
        return isExpired ? { status: 401, body: { error: 'expired' } } : well(hit);
      });
      expect((await run(taskId)).state).toBe('succeeded');
      // A provider that is asked only once meets the old token in the second pull.
      expect((await run(await platform.request(account, pulled.given.window!))).state).toBe('succeeded');
      await expectStored(account, data(pulled.expected));
      expect(vendor.hits.filter(isToken)).toEqual([
        expect.objectContaining({ body: expect.stringContaining('refresh_token=syn-refresh-token') }),
      ]);
      expect(vendor.hits[0]!.authorization).toBe(`Bearer ${pulled.given.connection.access_token}`);
    });

    it('gives up a connection only when the vendor says that the grant is over', async () => {
      const { account, taskId } = await start((hit) =>
        isToken(hit) ? { status: 400, body: { error: 'invalid_grant' } } : { status: 401, body: {} },
      );
      expect((await run(taskId)).state).toBe('failed');
      await expectStored(account, NOTHING);
      expect(await connectionOf(account)).toMatchObject({ status: 'revoked' });
      expect(await announced(account)).toEqual(['connection.revoked refresh_failed']);
    });
  });

  const { paged } = profile;
  if (paged) {
    it('reads three pages and more, each once', async () => {
      const one = find(paged.caseId);
      const [call] = one.calls;
      const pages = paged.settings
        ? await ConformancePlatform.open(database, vendor, { ...allSettings, ...paged.settings })
        : platform;
      try {
        const account = await pages.connect(code, one.given);
        const { pathname } = new URL(call!.url);
        const isPage = ({ path }: VendorHit): boolean => pathname.endsWith(path);
        vendor.reset((hit) => (isPage(hit) ? paged.page(hit, paged.recordsOf(call!.answer)) : {}));
        await pages.run(await pages.request(account, one.given.window!), one.given.now);
        await expectStored(account, data(one.expected));
        const asked = vendor.hits.filter(isPage).map(({ query }) => query.toString());
        expect(asked.length).toBeGreaterThanOrEqual(3);
        expect(new Set(asked).size).toBe(asked.length);
      } finally {
        if (pages !== platform) await pages.close();
      }
    });
  } else {
    it('has nothing that comes in pages', () => {
      const plans = strategy.cloud.resources.map(({ pull }) => pull);
      expect(plans.filter((plan) => typeof plan === 'object' && plan.paging)).toEqual([]);
    });
  }

  if (profile.delivery !== null) {
    const delivered = find(profile.delivery);
    const deliver = (one = delivered, body = one.body ?? '') =>
      platform.deliver(code, { body, headers: one.headers }, new Date(one.given.now));

    describe('deliveries', () => {
      it('change nothing when they come twice', async () => {
        const account = await platform.connect(code, delivered.given);
        vendor.reset(replaying(strategy, delivered));
        await deliver();
        const once = await outboxSize(account);
        const again = await deliver();
        expect(again.answer.status).toBe(200);
        expect(again.result).toMatchObject({ status: delivered.expected.job_result!['status'] });
        await expectStored(account, data(delivered.expected));
        expect(await outboxSize(account)).toBe(once);
      });

      it('are refused when a byte is not what was signed', async () => {
        const account = await platform.connect(code, delivered.given);
        vendor.reset(replaying(strategy, delivered));
        const { answer, result } = await deliver(delivered, `${delivered.body} `);
        expect({ answer, result }).toEqual({
          answer: { status: 401, body: { detail: 'Invalid webhook signature' } },
          result: null,
        });
        await expectStored(account, NOTHING);
        expect(vendor.hits).toEqual([]);
      });

      it('about somebody whom nobody knows are acknowledged and dropped', async () => {
        const { given } = delivered;
        const stranger = { ...given.connection, provider_user_id: 'nobody', provider_username: 'nobody' };
        const account = await platform.connect(code, { ...given, connection: stranger });
        vendor.reset(replaying(strategy, delivered));
        const { answer, result } = await deliver();
        expect(answer.status).toBe(200);
        expect(result).toMatchObject({ status: 'user_not_found' });
        await expectStored(account, NOTHING);
        expect(vendor.hits).toEqual([]);
      });

      it('that the vendor takes back in the meantime are dropped', async () => {
        const account = await platform.connect(code, delivered.given);
        vendor.reset(() => ({ status: 410, body: {} }));
        const { result } = await deliver();
        expect(result).toMatchObject({ status: 'skipped', reason: 'upstream_non_retriable', upstream_status: 410 });
        await expectStored(account, NOTHING);
      });
    });
  }

  it('connects an account', async () => {
    const { token = {}, account } = profile.login;
    vendor.reset((hit) => {
      if (isToken(hit)) return { body: { access_token: 'syn-a', refresh_token: 'syn-r', expires_in: 3600, ...token } };
      return account && hit.path === account.path ? { body: account.answer } : {};
    });
    const { user, authorizationUrl, location } = await platform.authorize(code);
    expect(authorizationUrl.href).toContain(strategy.cloud.oauth.authorizeUrl);
    expect(authorizationUrl.searchParams.get('scope')).toBe(strategy.cloud.oauth.defaultScope);
    expect(location).toContain('/oauth/success');
    const [row] = await database.db.query<JsonObject>(
      'SELECT status, provider_user_id FROM connection WHERE user_id = $1',
      [user.id],
    );
    expect(row).toEqual({ status: 'active', provider_user_id: pulled.given.connection.provider_user_id });
    const { afterToken } = strategy.cloud.oauth;
    if (afterToken) expect(vendor.hits).toContainEqual(expect.objectContaining({ path: afterToken.path }));
  });

  it('tells the vendor when a user leaves', async () => {
    const account = await platform.connect(code, pulled.given);
    vendor.reset(() => ({ status: 204 }));
    await platform.farewell(account);
    const [call] = strategy.cloud.oauth.revoke ?? [];
    const told = vendor.hits.map(({ method, path }) => `${method} ${path}`);
    const { provider_user_id: id = '' } = pulled.given.connection;
    expect(told).toEqual(call ? [`${call.method} ${call.path.replace('{provider_user_id}', id)}`] : []);
  });
});

const isToken = ({ path, method }: VendorHit): boolean => method === 'POST' && path === '/oauth/token';

async function connectionOf({ connectionId }: Account): Promise<JsonObject | undefined> {
  const [row] = await database.db.query<JsonObject>('SELECT * FROM connection WHERE id = $1', [connectionId]);
  return row;
}

const announced = async ({ user }: Account): Promise<string[]> => {
  const rows = await database.db.query<{ told: string }>(
    `SELECT kind || ' ' || coalesce(payload ->> 'reason', '') AS told FROM outbox
     WHERE user_key = $1 AND kind LIKE 'connection.%' ORDER BY id`,
    [user.key],
  );
  return rows.map(({ told }) => told);
};

/** What integrators hear of the user's data. */
async function outboxSize({ user }: Account): Promise<number> {
  const [row] = await database.db.query<{ size: number }>(
    `SELECT count(*)::int AS size FROM outbox WHERE user_key = $1 AND kind NOT LIKE 'sync.%'`,
    [user.key],
  );
  return row?.size ?? 0;
}
