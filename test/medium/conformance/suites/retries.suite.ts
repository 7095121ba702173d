import { expect, it } from '@jest/globals';
import type { VendorReply } from '../local-vendor.js';
import { PROFILES } from '../profiles.js';
import { CLOUD_STRATEGIES } from '../providers.js';
import { expectStored, onceWrong, sampleOf } from '../stored.js';
import type { World } from '../world.js';

/** What passes by itself. All providers at once: most of the time goes by waiting for the next attempt. */
export function describeRetries(world: () => World): void {
  it.each<[string, VendorReply]>([
    ['an error of the vendor', { status: 500, body: 'Oops' }],
    ['a cut connection', { isCut: true }],
    ['a vendor that says nothing', { isSilent: true }],
  ])('every provider asks again after %s', async (_, reply) => {
    const { platform, vendor } = world();
    await platform.forgetBudgets();
    const providers = CLOUD_STRATEGIES.map((strategy) => {
      const pulled = sampleOf(strategy.code, PROFILES[strategy.code]!.pull);
      return { strategy, pulled, behaviour: onceWrong(strategy, pulled, reply) };
    });
    vendor.reset((hit) => providers.find(({ strategy }) => strategy.code === hit.provider)?.behaviour(hit) ?? {});
    const outcomes = await Promise.all(
      providers.map(async ({ strategy: { code }, pulled }) => {
        const account = await platform.connect(code, pulled.given);
        const { state } = await platform.run(await platform.request(account, pulled.given.window!), pulled.given.now);
        await expectStored(world(), account, pulled.expected);
        return `${code} ${state}`;
      }),
    );
    expect(outcomes).toEqual(CLOUD_STRATEGIES.map(({ code }) => `${code} succeeded`));
    const wrong = providers.map(({ behaviour }) => behaviour.strikes);
    expect(wrong).toEqual(CLOUD_STRATEGIES.map(() => 1));
  });
}
