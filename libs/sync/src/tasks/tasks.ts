import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { notFound, type JsonObject } from '#libs/model';

export const TASK_STATES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type TaskState = (typeof TASK_STATES)[number];

/** One piece of background work as its caller may see it. */
export interface Task {
  readonly id: string;
  readonly state: TaskState;
  /** 0..1, null when not known. */
  readonly progress: number | null;
  /** Only when it ended without an error. */
  readonly result: JsonObject | null;
  /** Text for the caller, only when it failed. */
  readonly error: string | null;
  readonly run_id: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What became of the work behind a `task_id`. */
@Injectable()
export class Tasks {
  constructor(private readonly db: Database) {}

  /** @throws Failure 404 `Task not found`, also for text that is no task id */
  async get(id: string): Promise<Task> {
    const [task] = UUID.test(id)
      ? await this.db.query<Task>(
          `SELECT id, state, progress, result, error, run_id, created_at, updated_at FROM task WHERE id = $1`,
          [id],
        )
      : [];
    if (!task) throw notFound('Task not found');
    return task;
  }
}
