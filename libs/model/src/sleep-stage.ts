import { loadTable, shape } from './json-table.js';

export const SLEEP_STAGES = ['in_bed', 'awake', 'sleeping', 'light', 'deep', 'rem', 'unknown'] as const;
export type SleepStage = (typeof SLEEP_STAGES)[number];

const names = shape.record(shape.oneOf(...SLEEP_STAGES));
const vocabularies = loadTable(
  new URL('./data/sleep-stages.json', import.meta.url),
  shape.object({ sdk: names, apple_xml: names, google: names, oura: names, polar: names }),
);

export type SleepVocabulary = keyof typeof vocabularies;

/** Stage behind a sender's exact text; undefined when its vocabulary does not know it. */
export const findSleepStage = (vocabulary: SleepVocabulary, text: string): SleepStage | undefined =>
  Object.hasOwn(vocabularies[vocabulary], text) ? vocabularies[vocabulary][text] : undefined;

/** Stage of a phone's segment, in any case and with its aliases; null for anything else. */
export const sleepStageFromSdk = (text: string): SleepStage | null =>
  findSleepStage('sdk', text) ?? findSleepStage('sdk', text.trim().toLowerCase()) ?? null;
