import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#libs/model';
import { chunksOf, type LimitHeaders } from '#libs/providers/kit';
import { RetryLater } from '#libs/queue';
import type { Account } from '../conformance-platform.js';
import type { VendorBehaviour, VendorHit, VendorReply } from '../local-vendor.js';
import { PROFILES, type PagedCase } from '../profiles.js';
import type { CloudStrategy } from '../providers.js';
import { isToken, replaying } from '../replay.js';
import { announced, connectionOf, expectNothing, expectStored, onceWrong, sampleOf } from '../stored.js';
import type { World } from '../world.js';

/** Pulls that meet garbage, limits, ended tokens and pages. */
export function describePulling(strategy: CloudStrategy, world: () => World): void {
  const { code } = strategy;
  const { pull, paged } = PROFILES[code]!;
  const pulled = sampleOf(code, pull);

  async function start(behaviour: VendorBehaviour): Promise<{ account: Account; taskId: string }> {
    const { platform, vendor } = world();
    const account = await platform.connect(code, pulled.given);
    await platform.forgetBudgets();
    vendor.reset(behaviour);
    return { account, taskId: await again(account) };
  }
  const again = (account: Account): Promise<string> => world().platform.request(account, pulled.given.window!);
  const run = (taskId: string) => world().platform.run(taskId, pulled.given.now);
  const once = (reply: VendorReply): VendorBehaviour => onceWrong(strategy, pulled, reply);

  describe('pulling', () => {
    it('stores nothing of an answer that is garbage, says so, and has it all the next time', async () => {
      const { account, taskId } = await start(once({ body: '<html>maintenance</html>' }));
      const { resources } = await run(taskId);
      expect(Object.values(resources)).toContainEqual(expect.objectContaining({ error: expect.any(String) }));
      await expectNothing(world(), account);
      await run(await again(account));
      await expectStored(world(), account, pulled.expected);
    });

    it('comes back when the vendor wants to be left alone', async () => {
      const { platform, vendor } = world();
      const { account, taskId } = await start(once({ status: 429, headers: { 'retry-after': '120' } }));
      const postponed = await run(taskId).catch((error: unknown) => error);
      expect(postponed).toBeInstanceOf(RetryLater);
      expect((postponed as RetryLater).delayMs).toBeGreaterThan(110_000);
      const asked = vendor.hits.length;
      await expect(run(taskId)).rejects.toBeInstanceOf(RetryLater);
      expect(vendor.hits).toHaveLength(asked);
      await platform.forgetBudgets();
      expect((await run(taskId)).state).toBe('succeeded');
      await expectStored(world(), account, pulled.expected);
    });

    const [told] = strategy.cloud.limitHeaders ?? [];
    if (told) it('sends nothing more in a window that an answer calls used up', () => useUp(told));

    it('gets a new token in the middle, once', async () => {
      const { vendor } = world();
      const well = replaying(strategy, pulled);
      const { account, taskId } = await start((hit) => {
        if (isToken(hit)) return { body: { access_token: 'syn-new', refresh_token: 'syn-next', expires_in: 3600 } };
        const isExpired = vendor.hits.length > 1 && hit.authorization !== 'Bearer syn-new';
        return isExpired ? { status: 401, body: { error: 'expired' } } : well(hit);
      });
      expect((await run(taskId)).state).toBe('succeeded');
      // A provider that is asked only once meets the old token in the second pull.
      expect((await run(await again(account))).state).toBe('succeeded');
      await expectStored(world(), account, pulled.expected);
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
      await expectNothing(world(), account);
      expect(await connectionOf(world(), account)).toMatchObject({ status: 'revoked' });
      expect(await announced(world(), account)).toEqual(['connection.revoked refresh_failed']);
    });

    if (paged) it('reads three pages and more, each once', () => readPages(paged));
    else it('asks for a long time in parts, each date once', readParts);
  });

  async function useUp({ limit, usage }: LimitHeaders): Promise<void> {
    const { platform, vendor } = world();
    const all = strategy.cloud.budgets.map(({ requests }) => requests).join(',');
    const headers = { date: 'Sat, 21 Nov 2026 12:01:00 GMT', [limit]: all, [usage]: all };
    const well = replaying(strategy, pulled);
    const { account, taskId } = await start((hit) => ({ ...well(hit), headers }));
    expect((await run(taskId)).state).toBe('succeeded');
    const [asked, next] = [vendor.hits.length, await again(account)];
    const postponed = await run(next).catch((error: unknown) => error);
    expect(postponed).toBeInstanceOf(RetryLater);
    // By the vendor's clock it is noon: the day ends later than the quarter of an hour.
    expect((postponed as RetryLater).delayMs).toBeGreaterThan(43_000_000);
    expect(vendor.hits).toHaveLength(asked);
    await platform.forgetBudgets();
    vendor.reset(well);
    expect((await run(next)).state).toBe('succeeded');
    await expectStored(world(), account, pulled.expected);
  }

  async function readPages({ caseId, settings = {}, page, recordsOf }: PagedCase): Promise<void> {
    const { platform, vendor } = world();
    const one = sampleOf(code, caseId);
    const [call] = one.calls;
    const { pathname } = new URL(call!.url);
    const isPage = ({ path }: VendorHit): boolean => pathname.endsWith(path);
    await platform.under(settings, async () => {
      const account = await platform.connect(code, one.given);
      vendor.reset((hit) => (isPage(hit) ? page(hit, recordsOf(call!.answer)) : {}));
      await platform.run(await platform.request(account, one.given.window!), one.given.now);
      await expectStored(world(), account, one.expected);
    });
    const asked = vendor.hits.filter(isPage).map(({ query }) => query.toString());
    expect(asked.length).toBeGreaterThanOrEqual(3);
    expect(new Set(asked).size).toBe(asked.length);
  }

  /** For vendors without pages: nothing declares any, and a long window is cut. */
  async function readParts(): Promise<void> {
    const { platform, vendor } = world();
    const plans = strategy.cloud.resources.flatMap(({ pull: plan }) => (typeof plan === 'object' ? [plan] : []));
    expect(plans.filter((plan) => plan.paging)).toEqual([]);
    const account = await platform.connect(code, pulled.given);
    const end = new Date(pulled.given.now);
    const window = { start: new Date(end.getTime() - 80 * 86_400_000).toISOString(), end: end.toISOString() };
    vendor.reset(() => ({}));
    await platform.run(await platform.request(account, window), pulled.given.now);
    const span = { start: Date.parse(window.start) * 1000, end: Date.parse(window.end) * 1000 };
    const chunked = plans.filter((plan) => plan.chunk);
    expect(chunked).not.toEqual([]);
    for (const plan of chunked) {
      const wanted = chunksOf(span, plan.chunk).map((chunk) => plan.request(chunk, {} as never));
      const asked = vendor.hits.filter(({ path }) => path === wanted[0]!.path);
      expect(asked.map(({ query }) => Object.fromEntries(query))).toEqual(wanted.map(({ query }) => texts(query!)));
      expect(asked.length).toBeGreaterThanOrEqual(3);
    }
  }
}

const texts = (query: object): JsonObject =>
  Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]));
