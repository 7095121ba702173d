import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CLOUD_STRATEGIES } from './providers.js';
import { describeAccounts } from './suites/accounts.suite.js';
import { describeDeliveries } from './suites/deliveries.suite.js';
import { describePulling } from './suites/pulling.suite.js';
import { describeRetries } from './suites/retries.suite.js';
import { describeSamples } from './suites/samples.suite.js';
import { openWorld, type World } from './world.js';

let opened: World;
const world = (): World => opened;

beforeAll(async () => {
  opened = await openWorld();
});
afterAll(() => opened.close());

describe.each(CLOUD_STRATEGIES.map((strategy) => [strategy.code, strategy] as const))('%s', (_, strategy) => {
  describeSamples(strategy, world);
  describePulling(strategy, world);
  describeDeliveries(strategy, world);
  describeAccounts(strategy, world);
});

describeRetries(world);

it('knows a provider for each file of samples, and samples for each provider', () => {
  const files = readdirSync(new URL('./fixtures', import.meta.url)).map((name) => name.replace(/\.json$/, ''));
  expect(files.sort()).toEqual(CLOUD_STRATEGIES.map(({ code }) => code as string).sort());
});
