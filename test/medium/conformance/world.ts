import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import type { JsonObject } from '#libs/model';
import { ConformancePlatform } from './conformance-platform.js';
import { LocalVendor } from './local-vendor.js';
import { CLOUD_STRATEGIES } from './providers.js';
import { readSamples, type Samples } from './sample-case.js';

/** What all conformance tests share: one database, one platform, one pretended vendor. */
export interface World {
  readonly database: TestDatabase;
  readonly vendor: LocalVendor;
  readonly platform: ConformancePlatform;
  close(): Promise<void>;
}

/** Samples of every provider of the registry; one without samples fails here. */
export const SAMPLES: ReadonlyMap<string, Samples> = new Map(
  CLOUD_STRATEGIES.map(({ code }) => [code, readSamples(code)]),
);

export async function openWorld(): Promise<World> {
  const database = await openTestDatabase();
  const vendor = await LocalVendor.open();
  const settings = Object.assign({}, ...[...SAMPLES.values()].map((samples) => samples.settings)) as JsonObject;
  const platform = await ConformancePlatform.open(database, vendor, settings);
  const close = async (): Promise<void> => {
    await platform.close();
    await vendor.close();
    await database.close();
  };
  return { database, vendor, platform, close };
}
