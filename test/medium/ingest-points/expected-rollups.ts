import { formatInstant, localDate, MINUTE, type Instant, type PointInput } from '#libs/model';

/** A rollup as plain arithmetic over the points of one stream and local date says it is. */
export interface ExpectedRollup {
  local_date: string;
  point_count: number;
  sum_value: number;
  min_value: number;
  max_value: number;
  first_value: number;
  first_at: string;
  last_value: number;
  last_at: string;
  minute_levels: number[] | null;
  minute_counts: number[] | null;
}

/** Rollups of the points of one stream, by date; each start occurs once. */
export function expectedRollups(points: readonly PointInput[]): ExpectedRollup[] {
  return [...groupByDate(points)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([local_date, day]) => {
      const sorted = day.toSorted((a, b) => a.recordedAt - b.recordedAt);
      const values = sorted.map((p) => p.value);
      const [first, last] = [sorted[0]!, sorted.at(-1)!];
      return {
        local_date,
        point_count: day.length,
        sum_value: values.reduce((sum, value) => sum + Math.round(value * 1000), 0) / 1000,
        min_value: Math.min(...values),
        max_value: Math.max(...values),
        first_value: first.value,
        first_at: formatInstant(first.recordedAt),
        last_value: last.value,
        last_at: formatInstant(last.recordedAt),
        ...minutesOf(day),
      };
    });
}

function groupByDate(points: readonly PointInput[]): Map<string, PointInput[]> {
  const groups = new Map<string, PointInput[]>();
  for (const p of points) {
    const date = localDate(p.recordedAt, p.zoneOffset);
    groups.set(date, [...(groups.get(date) ?? []), p]);
  }
  return groups;
}

/** Levels in ascending order, and how many minutes lie at each or below. */
function minutesOf(day: readonly PointInput[]): Pick<ExpectedRollup, 'minute_levels' | 'minute_counts'> {
  const { series, isDailyTotal } = day[0]!;
  const minutes =
    series === 'steps' && !isDailyTotal ? stepMinutes(day) : series === 'heart_rate' ? heartRateMinutes(day) : null;
  if (!minutes) return { minute_levels: null, minute_counts: null };
  const levels = Object.keys(minutes)
    .map(Number)
    .sort((a, b) => a - b);
  let upTo = 0;
  return { minute_levels: levels, minute_counts: levels.map((level) => (upTo += minutes[level]!)) };
}

const minuteOf = (instant: Instant): number => Math.floor(instant / MINUTE);

function stepMinutes(day: readonly PointInput[]): Record<number, number> {
  const steps = new Map<number, number>();
  for (const { recordedAt, endedAt, value } of day) {
    const from = minuteOf(recordedAt);
    const to = endedAt === null ? from : minuteOf(endedAt - 1);
    if (to - from + 1 > 60) continue;
    for (let minute = from; minute <= to; minute++) {
      steps.set(minute, (steps.get(minute) ?? 0) + value / (to - from + 1));
    }
  }
  const active = [...steps.values()].filter((sum) => sum > 29.999_999_5).length;
  return { 0: steps.size - active, 1: active };
}

function heartRateMinutes(day: readonly PointInput[]): Record<number, number> {
  const minutes = new Map<number, number[]>();
  for (const p of day) minutes.set(minuteOf(p.recordedAt), [...(minutes.get(minuteOf(p.recordedAt)) ?? []), p.value]);
  const histogram: Record<number, number> = {};
  for (const values of minutes.values()) {
    const thousandths = values.reduce((sum, value) => sum + Math.round(value * 1000), 0);
    const whole = Math.floor(thousandths / 1000 / values.length);
    const bucket = 2 * whole + (thousandths === whole * 1000 * values.length ? 0 : 1);
    histogram[bucket] = (histogram[bucket] ?? 0) + 1;
  }
  return histogram;
}
