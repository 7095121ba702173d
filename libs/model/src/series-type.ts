import { indexUnique, loadTable, shape } from './json-table.js';

/** Wire code of a series type, e.g. `heart_rate`. */
export type SeriesCode = string;
export type Aggregation = 'sum' | 'avg' | 'max';

export interface SeriesType {
  /** Stable number used in storage; never reused. */
  readonly id: number;
  readonly code: SeriesCode;
  readonly unit: string;
  readonly category: string;
  readonly aggregation: Aggregation;
  /** Plausible smallest and largest value in the unit, daily totals included. Documentation; nothing is refused by it. */
  readonly validRange: readonly [number, number];
  readonly description: string;
}

export const SERIES_TYPES: readonly SeriesType[] = loadTable(
  new URL('./data/series-types.json', import.meta.url),
  shape.list(
    shape.object({
      id: shape.number,
      code: shape.text,
      unit: shape.text,
      category: shape.text,
      aggregation: shape.oneOf('sum', 'avg', 'max'),
      validRange: shape.pair(shape.number),
      description: shape.text,
    }),
  ),
);

const byCode = indexUnique(SERIES_TYPES, (row) => row.code);
const byId = indexUnique(SERIES_TYPES, (row) => row.id);

export const seriesTypeByCode = (code: string): SeriesType | undefined => byCode.get(code);

/** The id of a series that the code names. @throws Error when the vocabulary lacks it, so at start */
export function seriesTypeId(code: string): number {
  const series = byCode.get(code);
  if (!series) throw new Error(`Unknown series type ${code}`);
  return series.id;
}
export const seriesTypeById = (id: number): SeriesType | undefined => byId.get(id);
