import { sleepStageFromSdk } from '#libs/model';
import { readNumber } from './field-reader.js';
import type { MappingContext } from './mapping-context.js';
import { checkSleepSegment, type SdkSleepSegment } from './sdk-items.js';
import { MESSAGE } from './sdk-messages.js';

const SCORE_TYPE = 'sleepScore';

/** `data.sleep` to stage segments; the nights are derived from stored segments. Unknown stages are counted as skipped. */
export function mapSleep(items: readonly unknown[], startIndex: number, context: MappingContext): void {
  items.forEach((raw, offset) => mapSegment(raw, startIndex + offset, context));
}

function mapSegment(raw: unknown, index: number, context: MappingContext): void {
  const { item, flaw } = checkSleepSegment(raw);
  if (flaw) return context.drop(index, flaw);
  const source = context.source(index, item.source);
  if (!source) return;
  const stage = sleepStageFromSdk(item.stage);
  if (stage === null) return context.skip(item.stage);
  if (item.endedAt < item.startedAt) return context.drop(index, { path: 'endDate', message: MESSAGE.order });
  context.builder.sleepSegment({
    stage,
    sourceIndex: source.index,
    sourceName: source.name,
    startedAt: item.startedAt,
    endedAt: item.endedAt,
    zoneOffset: context.zoneOffset(index, item.zoneOffset),
    externalId: item.id,
    score: context.dialect.deliversSleepScore ? readScore(item, index, context) : null,
    origin: context.origin(index),
  });
}

/** The vendor's sleep score, 0..100; the last one given counts. */
function readScore(item: SdkSleepSegment, index: number, context: MappingContext): number | null {
  const place = item.values?.findLastIndex((value) => value['type'] === SCORE_TYPE) ?? -1;
  if (place < 0) return null;
  const score = readNumber(item.values?.[place]?.['value']);
  if (score !== null && score >= 0 && score <= 100) return score;
  context.warn(index, `values.${place}.value`, score === null ? MESSAGE.number : MESSAGE.range);
  return null;
}
