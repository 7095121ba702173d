import { ApiProperty } from '@nestjs/swagger';
import type { JsonObject } from '#libs/model';
import type { RouteFeature, RouteProperties, WorkoutDetailView, WorkoutView } from '#libs/read';
import { SourceAnswer } from '../data-sources/source.dto.js';
import { PagedOf } from '../http/page.js';
import { Shown } from '../http/shown.js';

export class WorkoutAnswer implements WorkoutView {
  @Shown.uuid()
  id!: string;

  @Shown.text({ description: 'Workout code, `unknown` when there is none' })
  type!: string;

  @Shown.text({ nullable: true })
  name!: string | null;

  @Shown.timestamp()
  start_time!: string;

  @Shown.timestamp()
  end_time!: string;

  @Shown.text({ nullable: true })
  zone_offset!: string | null;

  @Shown.int({ nullable: true })
  duration_seconds!: number | null;

  @Shown.object(() => SourceAnswer)
  source!: SourceAnswer;

  @Shown.number({ nullable: true })
  calories_kcal!: number | null;

  @Shown.number({ nullable: true })
  distance_meters!: number | null;

  @Shown.int({ nullable: true, description: 'As sent, else the average of the samples of the same source' })
  avg_heart_rate_bpm!: number | null;

  @Shown.int({ nullable: true })
  max_heart_rate_bpm!: number | null;

  @Shown.number({ nullable: true, description: 'Null for types without a pace' })
  avg_pace_sec_per_km!: number | null;

  @Shown.number({ nullable: true })
  elevation_gain_meters!: number | null;
}

export class WorkoutPageAnswer extends PagedOf(WorkoutAnswer) {}

export class WorkoutDetailAnswer extends WorkoutAnswer implements WorkoutDetailView {
  @Shown.int({ nullable: true })
  min_heart_rate_bpm!: number | null;

  @Shown.int({ nullable: true })
  steps_count!: number | null;

  @Shown.int({ nullable: true })
  moving_time_seconds!: number | null;

  @Shown.number({ nullable: true })
  average_speed_mps!: number | null;

  @Shown.number({ nullable: true })
  max_speed_mps!: number | null;

  @Shown.number({ nullable: true })
  average_watts!: number | null;

  @Shown.number({ nullable: true })
  max_watts!: number | null;

  @Shown.number({ nullable: true, description: 'Revolutions or steps per minute' })
  average_cadence!: number | null;

  @Shown.number({ nullable: true })
  elevation_high_meters!: number | null;

  @Shown.number({ nullable: true })
  elevation_low_meters!: number | null;

  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true }, nullable: true })
  segments!: JsonObject[] | null;

  @Shown.json({ nullable: true })
  hr_zones!: JsonObject | null;

  @Shown.json({ nullable: true })
  power_zones!: JsonObject | null;

  @Shown.flag({ description: 'There is something at `/route`' })
  has_route!: boolean;

  @Shown.flag({ description: 'There is something at `/samples`' })
  has_samples!: boolean;
}

class RouteGeometryAnswer {
  @Shown.oneOf(['LineString'])
  type!: 'LineString';

  @ApiProperty({
    type: 'array',
    items: { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 3 },
    description: 'Positions as [longitude, latitude] or [longitude, latitude, altitude in metres]',
  })
  coordinates!: number[][];
}

class RoutePropertiesAnswer implements RouteProperties {
  @Shown.uuid()
  workout_id!: string;

  @ApiProperty({ type: 'array', items: { type: 'string', format: 'date-time', nullable: true } })
  times!: (string | null)[];

  @ApiProperty({ type: 'array', items: { type: 'number', nullable: true } })
  altitudes_meters!: (number | null)[];

  @ApiProperty({ type: 'array', items: { type: 'number', nullable: true } })
  horizontal_accuracies_meters!: (number | null)[];
}

/** A track as a GeoJSON feature; the lists in `properties` go with the positions. */
export class WorkoutRouteAnswer implements RouteFeature {
  @Shown.oneOf(['Feature'])
  type!: 'Feature';

  @Shown.object(() => RouteGeometryAnswer)
  geometry!: RouteGeometryAnswer;

  @Shown.object(() => RoutePropertiesAnswer)
  properties!: RoutePropertiesAnswer;
}

export class WorkoutSamplesAnswer {
  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true } })
  samples!: readonly JsonObject[];
}
