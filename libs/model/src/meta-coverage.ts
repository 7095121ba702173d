import { loadTable, shape } from './json-table.js';

const field = shape.object({ code: shape.text, providers: shape.list(shape.text) });

/** What the platform can store, by provider; the body of `GET /meta/coverage`. */
export const META_COVERAGE = loadTable(
  new URL('./data/meta-coverage.json', import.meta.url),
  shape.object({
    providers: shape.list(shape.text),
    timeseries: shape.list(
      shape.object({
        name: shape.text,
        metrics: shape.list(shape.object({ code: shape.text, unit: shape.text, providers: shape.list(shape.text) })),
      }),
    ),
    workout_fields: shape.list(field),
    sleep_fields: shape.list(field),
    menstrual_cycle_fields: shape.list(field),
    health_scores: shape.list(field),
  }),
);

export type MetaCoverage = typeof META_COVERAGE;
