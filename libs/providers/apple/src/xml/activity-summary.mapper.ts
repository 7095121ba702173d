import { parseIsoInstant, type SeriesCode } from '#libs/model';
import type { ExportContext } from './export-context.js';
import type { Attributes } from './export-elements.js';
import { numberIn } from './export-units.js';

/** The rings are made of what all devices measured, so they are a source of their own. */
const SOURCE = { source: 'Activity Summary' };
const DATE = /^\d{4}-\d{2}-\d{2}$/;
/** Minutes of moving are kept for children instead of energy; for everybody else they are 0, which says nothing. */
const OF_CHILDREN = 'appleMoveTime';

const TOTALS: readonly { readonly series: SeriesCode; readonly attribute: string; readonly unit: string }[] = [
  { series: 'energy', attribute: 'activeEnergyBurned', unit: 'kcal' },
  { series: 'exercise_time', attribute: 'appleExerciseTime', unit: 'minutes' },
  { series: 'active_time', attribute: OF_CHILDREN, unit: 'minutes' },
];
/** Goals are wishes, and standing is counted in hours with some of it: no series is made for either. */
const WITHOUT_SERIES = /Goal$|^appleStandHours$/;

/**
 * `ActivitySummary` to daily totals, beside the intraday parts of the devices and never added to them. They stand at
 * midnight UTC without an offset, so that exports from other zones or seasons say the same of the same date.
 */
export function mapActivitySummary(attributes: Attributes, index: number, context: ExportContext): void {
  const date = attributes['dateComponents'] ?? '';
  const midnight = DATE.test(date) ? parseIsoInstant(date) : null;
  if (midnight === null) return context.skip('records', 'invalid_date:ActivitySummary');
  const totals = TOTALS.map((total) => ({
    ...total,
    value: numberIn(attributes[total.attribute], attributes[`${total.attribute}Unit`], total.unit),
  }));
  if (totals.every(({ value }) => !value)) return context.ignore('ActivitySummary: nothing measured');
  for (const { series, attribute, value } of totals) {
    if (value === null || (attribute === OF_CHILDREN && value === 0)) continue;
    context.point(`ActivitySummary.${attribute}`, {
      series,
      sourceIndex: context.builder.source(SOURCE),
      recordedAt: midnight,
      endedAt: null,
      value,
      zoneOffset: null,
      isDailyTotal: true,
      externalId: null,
      origin: { collection: 'records', index },
    });
  }
  for (const [name, text] of Object.entries(attributes)) {
    if (WITHOUT_SERIES.test(name) && Number(text)) context.ignore(`ActivitySummary.${name}`);
  }
}
