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
  minutes: Record<string, number> | null;
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
        minutes: minutesOf(day),
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

function minutesOf(day: readonly PointInput[]): Record<string, number> | null {
  const { series, isDailyTotal } = day[0]!;
  if (series === 'steps' && !isDailyTotal) return stepMinutes(day);
  return series === 'heart_rate' ? heartRateMinutes(day) : null;
}

const minuteOf = (instant: Instant): number => Math.floor(instant / MINUTE);

function stepMinutes(day: readonly PointInput[]): { active: number; tracked: number } {
  const steps = new Map<number, number>();
  for (const { recordedAt, endedAt, value } of day) {
    const from = minuteOf(recordedAt);
    const to = endedAt === null ? from : minuteOf(endedAt - 1);
    if (to - from + 1 > 60) continue;
    for (let minute = from; minute <= to; minute++) {
      steps.set(minute, (steps.get(minute) ?? 0) + value / (to - from + 1));
    }
  }
  return { active: [...steps.values()].filter((sum) => sum > 29.999_999_5).length, tracked: steps.size };
}

function heartRateMinutes(day: readonly PointInput[]): Record<string, number> {
  const minutes = new Map<number, number[]>();
  for (const p of day) minutes.set(minuteOf(p.recordedAt), [...(minutes.get(minuteOf(p.recordedAt)) ?? []), p.value]);
  const histogram: Record<string, number> = {};
  for (const values of minutes.values()) {
    const thousandths = values.reduce((sum, value) => sum + Math.round(value * 1000), 0);
    const whole = Math.floor(thousandths / 1000 / values.length);
    const bucket = 2 * whole + (thousandths === whole * 1000 * values.length ? 0 : 1);
    histogram[bucket] = (histogram[bucket] ?? 0) + 1;
  }
  return histogram;
}
