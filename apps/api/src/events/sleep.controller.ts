import { Controller, Delete, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequireScope } from '#libs/identity';
import { type Paged, type SleepDetailView, SleepReader, type SleepView } from '#libs/read';
import { Answer, Operation } from '../http/answer.js';
import { UserPath } from '../http/paths.dto.js';
import { eventListQuery, SleepListParameters } from './event-list.dto.js';
import { SleepPath } from './event-paths.dto.js';
import { EventRemover } from './event-remover.js';
import { found } from './found.js';
import { SleepDetailAnswer, SleepPageAnswer } from './sleep.dto.js';

const MISSING = 'Sleep session not found';

@ApiTags('External: Events')
@Controller('users/:user_id/events/sleep')
export class SleepController {
  constructor(
    private readonly sleep: SleepReader,
    private readonly remover: EventRemover,
  ) {}

  @Get()
  @RequireScope('data:read')
  @Operation('list_sleep_sessions')
  @Answer(SleepPageAnswer)
  list(@Param() { userId }: UserPath, @Query() query: SleepListParameters): Promise<Paged<SleepView>> {
    return this.sleep.page(userId, { ...eventListQuery(query), filterByPriority: query.filterByPriority });
  }

  @Get(':sleep_id')
  @RequireScope('data:read')
  @Operation('get_sleep_session')
  @Answer(SleepDetailAnswer)
  async one(@Param() { userId, sleepId }: SleepPath): Promise<SleepDetailView> {
    return found(await this.sleep.one(userId, sleepId), MISSING);
  }

  @Delete(':sleep_id')
  @RequireScope('data:write')
  @Operation('delete_sleep_session')
  @Answer(null, 204)
  remove(@Param() { userId, sleepId }: SleepPath): Promise<void> {
    return this.remover.remove(userId, 'sleep', sleepId, MISSING);
  }
}
