import { describe, expect, it } from '@jest/globals';
import { META_COVERAGE, type JsonObject } from '#libs/model';
import { PROFILES } from './profiles.js';
import { CLOUD_STRATEGIES } from './providers.js';
import { readSamples } from './sample-case.js';

const sorted = (codes: Iterable<string>): string[] => [...new Set(codes)].sort();
const fieldsOf = (events: readonly JsonObject[], category: string): string[] =>
  sorted(events.flatMap((event) => (event['category'] === category ? Object.keys(event['detail'] ?? {}) : [])));

/** What a provider delivers besides its cloud is not in these samples. */
const CLOUD_ALONE = CLOUD_STRATEGIES.filter(({ capabilities }) => !capabilities.sdkUpload && !capabilities.fileImport);

describe.each(CLOUD_ALONE.map(({ code }) => [code]))('%s', (code) => {
  it('delivers exactly what the platform says it does', () => {
    const cases = readSamples(code).cases.map(({ expected }) => expected);
    const events = cases.flatMap((expected) => expected.events);
    const declared = (fields: readonly { code: string; providers: readonly string[] }[]): string[] =>
      sorted(fields.flatMap((field) => (field.providers.includes(code) ? [field.code] : [])));
    expect({
      series: sorted(cases.flatMap(({ series }) => series.map(({ type }) => String(type)))),
      workouts: fieldsOf(events, 'workout'),
      sleep: fieldsOf(events, 'sleep'),
      scores: sorted(cases.flatMap(({ scores }) => scores.map(({ category }) => String(category)))),
    }).toEqual({
      series: declared(META_COVERAGE.timeseries.flatMap(({ metrics }) => metrics)),
      workouts: declared(META_COVERAGE.workout_fields),
      sleep: declared(META_COVERAGE.sleep_fields),
      scores: declared(META_COVERAGE.health_scores),
    });
  });

  it('has its line in the profiles', () => expect(PROFILES).toHaveProperty(code));
});
