import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequireScope } from '#libs/identity';
import type { JsonValue } from '#libs/model';
import { DirectPulls } from '#libs/sync';
import { AnyJson, Operation } from '../http/answer.js';
import { connectable, UserProviderPath } from '../http/paths.dto.js';
import { WireString } from '../http/wire/wire.js';
import { VendorWorkoutDetailQuery, VendorWorkoutQuery, workoutQuery } from './provider-sync.dto.js';
import { VENDOR_ERRORS } from './vendor-errors.js';

class VendorWorkoutPath extends UserProviderPath {
  @WireString()
  workoutId!: string;
}

/** Workouts as the vendor itself has them; nothing is stored. */
@ApiTags('External: Vendor Workouts')
@Controller('providers/:provider/users/:user_id/workouts')
@RequireScope('data:read')
export class VendorWorkoutsController {
  constructor(private readonly direct: DirectPulls) {}

  @Get()
  @Operation('get_user_workouts')
  @AnyJson(VENDOR_ERRORS)
  list(@Param() { provider, userId }: UserProviderPath, @Query() query: VendorWorkoutQuery): Promise<JsonValue> {
    return this.direct.workouts(connectable(provider), userId, workoutQuery(query));
  }

  @Get(':workout_id')
  @Operation('get_user_workout_detail')
  @AnyJson(VENDOR_ERRORS)
  get(@Param() path: VendorWorkoutPath, @Query() query: VendorWorkoutDetailQuery): Promise<JsonValue> {
    return this.direct.workout(connectable(path.provider), path.userId, path.workoutId, workoutQuery(query));
  }
}
