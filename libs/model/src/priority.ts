import { DEVICE_TYPES } from './device.js';
import { loadTable, shape } from './json-table.js';
import { PROVIDERS } from './provider.js';

const seeds = loadTable(
  new URL('./data/priorities.json', import.meta.url),
  shape.object({
    providers: shape.record(shape.number),
    deviceTypes: shape.record(shape.number),
    missingRank: shape.number,
  }),
);

const ranked = <T extends string>(keys: readonly T[], ranks: Readonly<Record<string, number>>) =>
  keys.map((key) => ({ key, rank: ranks[key] ?? seeds.missingRank })).sort((a, b) => a.rank - b.rank);

/** Ranks an installation starts with; the lower wins. */
export const PROVIDER_PRIORITY_SEED = ranked(PROVIDERS, seeds.providers);
export const DEVICE_TYPE_PRIORITY_SEED = ranked(DEVICE_TYPES, seeds.deviceTypes);

/** Rank of anything that has no priority row. */
export const MISSING_RANK: number = seeds.missingRank;
