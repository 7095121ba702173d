import { UserPath } from '../http/paths.dto.js';
import { WireUuid } from '../http/wire/wire.js';

export class WorkoutPath extends UserPath {
  @WireUuid()
  workoutId!: string;
}

export class SleepPath extends UserPath {
  @WireUuid()
  sleepId!: string;
}

export class MenstrualCyclePath extends UserPath {
  @WireUuid()
  cycleId!: string;
}
