import { Shown } from '../http/shown.js';
import { WireString } from '../http/wire/wire.js';

/** The user as the client wrote it: it is answered in the same spelling. */
export class SdkUserPath {
  @WireString()
  userId!: string;
}

/** The counts are always 0 here: what was stored is told by the task. */
export class UploadAnswer {
  @Shown.int({ example: 202 })
  status_code!: number;

  @Shown.text()
  response!: string;

  @Shown.text({ description: 'As given in the path' })
  user_id!: string;

  @Shown.int()
  dropped_count!: number;

  @Shown.int()
  records_saved!: number;

  @Shown.int()
  workouts_saved!: number;

  @Shown.int()
  sleep_saved!: number;
}

export class SyncAnswer extends UploadAnswer {
  @Shown.uuid({ description: 'This upload, and its sync run' })
  batch_id!: string;

  @Shown.uuid({ description: 'For GET /api/v1/tasks/{task_id}' })
  task_id!: string;
}

/** The answer to anything a phone sent. */
export function uploadAnswer(response: string, userId: string): UploadAnswer {
  return {
    status_code: 202,
    response,
    user_id: userId,
    dropped_count: 0,
    records_saved: 0,
    workouts_saved: 0,
    sleep_saved: 0,
  };
}
