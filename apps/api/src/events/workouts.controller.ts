import { Controller, Delete, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequireScope } from '#libs/identity';
import { type Paged, type RouteFeature, type WorkoutDetailView, WorkoutReader, type WorkoutView } from '#libs/read';
import { Answer, Operation } from '../http/answer.js';
import { UserPath } from '../http/paths.dto.js';
import { eventListQuery, WorkoutListParameters } from './event-list.dto.js';
import { WorkoutPath } from './event-paths.dto.js';
import { EventRemover } from './event-remover.js';
import { found } from './found.js';
import { WorkoutDetailAnswer, WorkoutPageAnswer, WorkoutRouteAnswer, WorkoutSamplesAnswer } from './workouts.dto.js';

const MISSING = 'Workout not found';
const ROUTE_MISSING = 'Workout route not found';

@ApiTags('External: Events')
@Controller('users/:user_id/events/workouts')
export class WorkoutsController {
  constructor(
    private readonly workouts: WorkoutReader,
    private readonly remover: EventRemover,
  ) {}

  @Get()
  @RequireScope('data:read')
  @Operation('list_workouts')
  @Answer(WorkoutPageAnswer)
  list(@Param() { userId }: UserPath, @Query() query: WorkoutListParameters): Promise<Paged<WorkoutView>> {
    return this.workouts.page(userId, { ...eventListQuery(query), recordType: query.recordType ?? null });
  }

  @Get(':workout_id')
  @RequireScope('data:read')
  @Operation('get_workout')
  @Answer(WorkoutDetailAnswer)
  async one(@Param() { userId, workoutId }: WorkoutPath): Promise<WorkoutDetailView> {
    return found(await this.workouts.one(userId, workoutId), MISSING);
  }

  @Get(':workout_id/route')
  @RequireScope('data:read')
  @Operation('get_workout_route')
  @Answer(WorkoutRouteAnswer)
  async route(@Param() { userId, workoutId }: WorkoutPath): Promise<RouteFeature> {
    const route = await this.workouts.route(userId, workoutId);
    return found(route, route === undefined ? MISSING : ROUTE_MISSING);
  }

  @Get(':workout_id/samples')
  @RequireScope('data:read')
  @Operation('get_workout_samples')
  @Answer(WorkoutSamplesAnswer)
  async samples(@Param() { userId, workoutId }: WorkoutPath): Promise<WorkoutSamplesAnswer> {
    return { samples: found(await this.workouts.samples(userId, workoutId), MISSING) };
  }

  @Delete(':workout_id')
  @RequireScope('data:write')
  @Operation('delete_workout')
  @Answer(null, 204)
  remove(@Param() { userId, workoutId }: WorkoutPath): Promise<void> {
    return this.remover.remove(userId, 'workout', workoutId, MISSING);
  }
}
