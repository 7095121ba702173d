import { Injectable } from '@nestjs/common';
import { Database, type UserRef } from '#libs/database';
import { DAY, formatInstant, HOUR, type Instant, parseIsoInstant, SECOND, seriesTypeId } from '#libs/model';
import { NEWEST_DAYS_SQL, NEWEST_SAMPLE_SQL, WINDOW_AVERAGES_SQL, WINDOW_SAMPLES_SQL } from './body-summary.sql.js';
import { type ChosenReading, newestReading, pressureReadings, type Reading } from './body-values.js';
import { type BodySummary, bmiOf, isEmpty, type Measured, newestOf } from './body-summary.js';
import { byRank, type RankedSource, type RankedSources, rankedSourcesOf } from './ranked-sources.js';
import { roundHalfEven, roundTenthHalfEven } from './rounding.js';
import { type Candidate, type Choice, chooseSource } from './source-choice.js';

/** Series by the names their choices are explained under. */
const SLOW = {
  weight: 'weight',
  height: 'height',
  body_fat: 'body_fat_percentage',
  muscle_mass: 'lean_body_mass',
  bmi: 'body_mass_index',
} as const;
const AVERAGED = {
  resting_heart_rate: 'resting_heart_rate',
  hrv_sdnn: 'heart_rate_variability_sdnn',
  hrv_rmssd: 'heart_rate_variability_rmssd',
} as const;
const LATEST = {
  body_temperature: 'body_temperature',
  skin_temperature: 'skin_temperature',
  systolic: 'blood_pressure_systolic',
  diastolic: 'blood_pressure_diastolic',
} as const;

/** A pair of pressures counts as one reading when its halves are at most this far apart. */
const PRESSURE_PAIR_GAP = 5 * SECOND;

export interface BodyQuery {
  readonly now: Instant;
  /** Days the averages look back, 1..7. */
  readonly averagePeriodDays: number;
  /** Hours the latest readings look back, 1..24. */
  readonly latestWindowHours: number;
}

interface SourceRow extends Record<string, unknown> {
  source_id: string;
  series_type: number;
}

interface NewestDayRow extends SourceRow {
  stream_id: number;
  first_at: string;
  first_value: number;
  last_at: string;
  last_value: number;
}

interface AverageRow extends SourceRow {
  average: number;
}

interface SampleRow extends SourceRow {
  recorded_at: string;
  value: number;
}

interface Average extends Candidate {
  readonly value: number;
}

const idsOf = (series: Readonly<Record<string, string>>): number[] => Object.values(series).map(seriesTypeId);
const instantOf = (text: string): Instant => parseIsoInstant(text)!;

/** Body values as of now: the newest slow-changing ones, averages of a few days, readings of the last hours. */
@Injectable()
export class BodySummaryReader {
  constructor(private readonly db: Database) {}

  /** Null when the user has none of the values; BMI alone does not count. */
  async read(user: UserRef, query: BodyQuery): Promise<BodySummary | null> {
    const { now } = query;
    const periodStart = formatInstant(now - query.averagePeriodDays * DAY);
    const windowStart = formatInstant(now - query.latestWindowHours * HOUR);
    const [sources, slowRows, averageRows, sampleRows] = await Promise.all([
      rankedSourcesOf(this.db, user),
      this.newestSamples(user, now),
      this.db.query<AverageRow>(WINDOW_AVERAGES_SQL, [user.key, idsOf(AVERAGED), periodStart, formatInstant(now)]),
      this.db.query<SampleRow>(WINDOW_SAMPLES_SQL, [user.key, idsOf(LATEST), windowStart, formatInstant(now)]),
    ]);
    const slow = readingsOf(slowRows, sources);
    const samples = readingsOf(sampleRows, sources);
    const averages = bySeries(averageRows, sources, (row, rank): Average => ({ value: row.average, rank }));
    const choices: Record<string, Choice> = {};
    const explained = <T extends { readonly choice: Choice }>(name: string, found: T | null): T | null => {
      if (found) choices[name] = found.choice;
      return found;
    };
    const newest = (name: keyof typeof SLOW): ChosenReading | null =>
      explained(name, newestReading(slow.get(seriesTypeId(SLOW[name])) ?? []));
    const latest = (name: 'body_temperature' | 'skin_temperature'): Measured | null => {
      const found = explained(name, newestReading(samples.get(seriesTypeId(LATEST[name])) ?? []));
      return found && { value: found.value, at: formatInstant(found.at) };
    };
    const average = (name: keyof typeof AVERAGED): number | null => {
      const found = chooseSource(averages.get(seriesTypeId(AVERAGED[name])) ?? [], () => true);
      return explained(name, found && { value: found.winner.value, choice: found.choice })?.value ?? null;
    };
    const [weight, height, fat, muscle, bmi] = [
      newest('weight'),
      newest('height'),
      newest('body_fat'),
      newest('muscle_mass'),
      newest('bmi'),
    ];
    const restingHeartRate = average('resting_heart_rate');
    const summary: BodySummary = {
      source: newestOf([weight, height, fat, muscle, bmi])?.source ?? null,
      weight: weight?.value ?? null,
      height: height?.value ?? null,
      bodyFatPercent: fat?.value ?? null,
      muscleMass: muscle?.value ?? null,
      bmi: bmi?.value ?? bmiOf(weight?.value, height?.value),
      restingHeartRate: restingHeartRate === null ? null : roundHalfEven(restingHeartRate) || null,
      hrvSdnn: tenths(average('hrv_sdnn')),
      hrvRmssd: tenths(average('hrv_rmssd')),
      periodStart,
      periodEnd: formatInstant(now),
      bodyTemperature: latest('body_temperature'),
      skinTemperature: latest('skin_temperature'),
      bloodPressure: pressureOf(explained('blood_pressure', newestReading(pressuresOf(samples)))),
      choices,
    };
    return isEmpty(summary) ? null : summary;
  }

  /** The newest sample before now of each stream. */
  private async newestSamples(user: UserRef, now: Instant): Promise<SampleRow[]> {
    const at = formatInstant(now);
    const days = await this.db.query<NewestDayRow>(NEWEST_DAYS_SQL, [user.key, idsOf(SLOW), at]);
    const samples: SampleRow[] = [];
    for (const day of days) {
      const isPast = instantOf(day.last_at) < now;
      const found = isPast ? { at: day.last_at, value: day.last_value } : await this.newestSampleOf(user, day, at);
      samples.push({ ...day, recorded_at: found.at, value: found.value });
    }
    return samples;
  }

  /** Only for a day with samples ahead of the clock: rare, and at most three per stream. */
  private async newestSampleOf(user: UserRef, day: NewestDayRow, now: string): Promise<Measured> {
    const [row] = await this.db.query<{ recorded_at: string; value: number }>(NEWEST_SAMPLE_SQL, [
      user.key,
      day.stream_id,
      day.first_at,
      now,
    ]);
    return { at: row?.recorded_at ?? day.first_at, value: row?.value ?? day.first_value };
  }
}

/** Per series what is made of each row, best source first and else in the order of the rows. */
function bySeries<R extends SourceRow, T>(
  rows: readonly R[],
  sources: RankedSources,
  of: (row: R, rank: RankedSource) => T,
): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const { row, rank } of byRank(rows, sources)) {
    const group = groups.get(row.series_type);
    if (group) group.push(of(row, rank));
    else groups.set(row.series_type, [of(row, rank)]);
  }
  return groups;
}

const readingsOf = (rows: readonly SampleRow[], sources: RankedSources): Map<number, Reading[]> =>
  bySeries(rows, sources, (row, source) => ({ at: instantOf(row.recorded_at), value: row.value, source }));

const tenths = (average: number | null): number | null => (average === null ? null : roundTenthHalfEven(average));

const pressuresOf = (samples: ReadonlyMap<number, readonly Reading[]>): ReturnType<typeof pressureReadings> =>
  pressureReadings(
    samples.get(seriesTypeId(LATEST.systolic)) ?? [],
    samples.get(seriesTypeId(LATEST.diastolic)) ?? [],
    PRESSURE_PAIR_GAP,
  );

const pressureOf = (
  reading: { at: Instant; systolic: number; diastolic: number } | null,
): BodySummary['bloodPressure'] =>
  reading && {
    systolic: roundHalfEven(reading.systolic),
    diastolic: roundHalfEven(reading.diastolic),
    at: formatInstant(reading.at),
  };
