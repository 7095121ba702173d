import { SERIES_TYPES, type QueryInstant, type SeriesCode } from '#libs/model';
import { type Resolution, RESOLUTIONS, type TimeseriesItem, type TimeseriesQuery } from '#libs/read';
import { PagedOf } from '../http/page.js';
import { Shown } from '../http/shown.js';
import { SourceAnswer } from '../data-sources/source.dto.js';
import { oneOf } from '../http/wire/scalar.kinds.js';
import { WireEnum, WireInstant, WireInt, WireList, WireString } from '../http/wire/wire.js';

const SERIES_CODES = SERIES_TYPES.map((series) => series.code);

export class TimeseriesParameters {
  @WireInstant({ description: 'First instant of the range' })
  startTime!: QueryInstant;

  @WireInstant({ description: 'First instant after the range; at midnight that whole day counts' })
  endTime!: QueryInstant;

  @WireList(oneOf(SERIES_CODES), { optional: true, description: 'Repeat for several series; all when absent' })
  types?: SeriesCode[];

  @WireEnum(RESOLUTIONS, { default: 'raw', description: 'Gathers samples into buckets aligned to the Unix epoch' })
  resolution!: Resolution;

  @WireString({ optional: true, description: 'Cursor of another page' })
  cursor?: string;

  @WireInt({ min: 1, max: 1000, default: 50 })
  limit!: number;
}

export const timeseriesQuery = (parameters: TimeseriesParameters): TimeseriesQuery => ({
  range: { start: parameters.startTime, end: parameters.endTime },
  types: parameters.types ?? null,
  resolution: parameters.resolution,
  cursor: parameters.cursor ?? null,
  limit: parameters.limit,
});

export class TimeseriesItemAnswer implements TimeseriesItem {
  @Shown.timestamp()
  timestamp!: string;

  @Shown.text({ nullable: true, description: 'Offset of the wall clock, `+02:00`' })
  zone_offset!: string | null;

  @Shown.oneOf(SERIES_CODES)
  type!: SeriesCode;

  @Shown.number()
  value!: number;

  @Shown.text()
  unit!: string;

  @Shown.object(() => SourceAnswer)
  source!: SourceAnswer;

  @Shown.flag({ nullable: true, description: 'One value for the whole day; null where the series is not summed' })
  is_daily_total!: boolean | null;
}

export class TimeseriesPageAnswer extends PagedOf(TimeseriesItemAnswer) {}
