import { dateOfDay, type LocalDate } from '#libs/model';
import { numbersOf } from '../number-list.js';
import { SERIES_METRICS, type SummedMetric } from './activity-summary.sql.js';

/** Figures of one stream over its days: equally long lists of JSON numbers in braces; null where they do not apply. */
export interface StreamFigures extends Record<string, unknown> {
  source_id: string;
  series_type: number;
  is_daily_total: boolean;
  /** Days since 1970. */
  days: string;
  sums: string;
  counts: string | null;
  least: string | null;
  greatest: string | null;
  tracked: string | null;
  /** Of steps those with few, of heart rate those below the light zone; then up to the ends of the zones. */
  low: string | null;
  up_to_light: string | null;
  up_to_moderate: string | null;
}

/** What one source says about one day. */
export interface SourceFigures {
  readonly source_id: string;
  readonly local_date: LocalDate;
  readonly days: Partial<Record<SummedMetric, number>>;
  readonly parts: Partial<Record<SummedMetric, number>>;
  steps: StepMinutes | null;
  pulse: Pulse | null;
  zones: ZoneMinutes | null;
}

export interface StepMinutes {
  readonly tracked: number;
  readonly active: number;
}

/** Of all samples of a day, its daily total among them. */
export interface Pulse {
  readonly sum: number;
  readonly count: number;
  readonly least: number;
  readonly greatest: number;
}

export interface ZoneMinutes {
  readonly light: number;
  readonly moderate: number;
  readonly vigorous: number;
}

/** From figures per stream to figures per date and source, dates in the given direction. */
export function sourceFigures(streams: readonly StreamFigures[], direction: 'ASC' | 'DESC'): SourceFigures[] {
  const found: FiguresByDay = new Map();
  // Most streams have the same days.
  const read = new Map<string, readonly number[]>();
  for (const stream of streams) {
    const days = read.get(stream.days) ?? numbersOf(stream.days);
    read.set(stream.days, days);
    const add = adder(stream);
    for (const [n, day] of days.entries()) add(figuresAt(found, day, stream.source_id), n);
  }
  const sign = direction === 'ASC' ? 1 : -1;
  return [...found].sort(([a], [b]) => (a - b) * sign).flatMap(([, ofDay]) => [...ofDay.values()]);
}

type FiguresByDay = Map<number, Map<string, SourceFigures>>;

function figuresAt(found: FiguresByDay, day: number, sourceId: string): SourceFigures {
  const ofDay = found.get(day) ?? new Map<string, SourceFigures>();
  if (ofDay.size === 0) found.set(day, ofDay);
  let figures = ofDay.get(sourceId);
  if (!figures) {
    figures = {
      source_id: sourceId,
      local_date: dateOfDay(day),
      days: {},
      parts: {},
      steps: null,
      pulse: null,
      zones: null,
    };
    ofDay.set(sourceId, figures);
  }
  return figures;
}

/** Takes the stream's n-th figures in. */
function adder(stream: StreamFigures): (figures: SourceFigures, n: number) => void {
  const sums = numbersOf(stream.sums);
  const tracked = numbersOf(stream.tracked);
  const low = numbersOf(stream.low);
  const metric = SERIES_METRICS.get(stream.series_type);
  if (metric) {
    const hasMinutes = stream.tracked !== null;
    return (figures, n) => {
      (stream.is_daily_total ? figures.days : figures.parts)[metric] = sums[n]!;
      if (hasMinutes) figures.steps = { tracked: tracked[n]!, active: tracked[n]! - low[n]! };
    };
  }
  const [counts, least, greatest] = [stream.counts, stream.least, stream.greatest].map(numbersOf);
  const [light, moderate] = [stream.up_to_light, stream.up_to_moderate].map(numbersOf);
  return (figures, n) => {
    const pulse = { sum: sums[n]!, count: counts![n]!, least: least![n]!, greatest: greatest![n]! };
    figures.pulse = figures.pulse ? bothOf(figures.pulse, pulse) : pulse;
    if (stream.is_daily_total) return;
    figures.zones = {
      light: light![n]! - low[n]!,
      moderate: moderate![n]! - light![n]!,
      vigorous: tracked[n]! - moderate![n]!,
    };
  };
}

const bothOf = (a: Pulse, b: Pulse): Pulse => ({
  sum: a.sum + b.sum,
  count: a.count + b.count,
  least: Math.min(a.least, b.least),
  greatest: Math.max(a.greatest, b.greatest),
});
