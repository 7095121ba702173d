import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequireScope } from '#libs/identity';
import { Tasks } from '#libs/sync';
import { Answer, Operation } from '../http/answer.js';
import { TaskAnswer, TaskPath, taskAnswer } from './tasks.dto.js';

@ApiTags('External: Data Sync')
@Controller('tasks')
export class TasksController {
  constructor(private readonly tasks: Tasks) {}

  /** State of the work behind a `task_id`, kept for 7 days after its end. */
  @Get(':task_id')
  @RequireScope('data:read')
  @Operation('get_task')
  @Answer(TaskAnswer)
  async get(@Param() { taskId }: TaskPath): Promise<TaskAnswer> {
    return taskAnswer(await this.tasks.get(taskId));
  }
}
