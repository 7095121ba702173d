import type { JsonObject } from '#libs/model';
import { TASK_STATES, type Task, type TaskState } from '#libs/sync';
import { Shown } from '../http/shown.js';
import { WireString } from '../http/wire/wire.js';

export class TaskPath {
  @WireString()
  taskId!: string;
}

export class TaskAnswer {
  @Shown.text()
  task_id!: string;

  @Shown.oneOf(TASK_STATES)
  state!: TaskState;

  @Shown.number({ nullable: true, minimum: 0, maximum: 1 })
  progress!: number | null;

  @Shown.json({ nullable: true, description: 'Only when succeeded' })
  result!: JsonObject | null;

  @Shown.text({ nullable: true, description: 'Only when failed' })
  error!: string | null;

  @Shown.text({ nullable: true, description: 'The sync run of this work, when there is one' })
  run_id!: string | null;

  @Shown.timestamp()
  created_at!: string;

  @Shown.timestamp()
  updated_at!: string;
}

export function taskAnswer(task: Task): TaskAnswer {
  return {
    task_id: task.id,
    state: task.state,
    progress: task.progress,
    result: task.result,
    error: task.error,
    run_id: task.run_id,
    created_at: task.created_at,
    updated_at: task.updated_at,
  };
}
