import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '#libs/identity';
import {
  DEVICE_MODELS,
  deviceName,
  inferDeviceType,
  META_COVERAGE,
  SCORE_CATEGORIES,
  SERIES_TYPES,
  SLEEP_STAGES,
  WORKOUT_TYPES,
} from '#libs/model';
import { Answer, Operation } from '../http/answer.js';
import { CoverageAnswer } from './meta.dto.js';
import { CodeAnswer, DeviceAnswer, SeriesTypeAnswer, WorkoutTypeAnswer } from './vocabulary.dto.js';

const SERIES = SERIES_TYPES.map(({ validRange, ...series }): SeriesTypeAnswer => ({
  ...series,
  plausible_range: [...validRange],
}));
const WORKOUTS = WORKOUT_TYPES.map(({ code, hasPace }): WorkoutTypeAnswer => ({ code, has_pace: hasPace }));
const STAGES = SLEEP_STAGES.map((code): CodeAnswer => ({ code }));
const CATEGORIES = SCORE_CATEGORIES.map((code): CodeAnswer => ({ code }));
const DEVICES = DEVICE_MODELS.map((model): DeviceAnswer => ({
  model,
  name: deviceName(model) ?? model,
  device_type: inferDeviceType(model),
}));

@ApiTags('External: Meta')
@Controller('meta')
export class MetaController {
  @Get('coverage')
  @Public()
  @Operation('get_coverage')
  @Answer(CoverageAnswer)
  coverage(): CoverageAnswer {
    return META_COVERAGE;
  }

  /** Every series that can be stored. */
  @Get('series-types')
  @Public()
  @Operation('get_series_types')
  @Answer([SeriesTypeAnswer])
  seriesTypes(): readonly SeriesTypeAnswer[] {
    return SERIES;
  }

  @Get('workout-types')
  @Public()
  @Operation('get_workout_types')
  @Answer([WorkoutTypeAnswer])
  workoutTypes(): readonly WorkoutTypeAnswer[] {
    return WORKOUTS;
  }

  @Get('sleep-stages')
  @Public()
  @Operation('get_sleep_stages')
  @Answer([CodeAnswer])
  sleepStages(): readonly CodeAnswer[] {
    return STAGES;
  }

  @Get('score-categories')
  @Public()
  @Operation('get_score_categories')
  @Answer([CodeAnswer])
  scoreCategories(): readonly CodeAnswer[] {
    return CATEGORIES;
  }

  /** Product codes with their marketing names; other devices show their code as name. */
  @Get('devices')
  @Public()
  @Operation('get_devices')
  @Answer([DeviceAnswer])
  devices(): readonly DeviceAnswer[] {
    return DEVICES;
  }
}
