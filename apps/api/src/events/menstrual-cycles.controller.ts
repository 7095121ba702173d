import { Controller, Delete, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequireScope } from '#libs/identity';
import { MenstrualCycleReader, type MenstrualCycleView, type Paged } from '#libs/read';
import { Answer, Operation } from '../http/answer.js';
import { UserPath } from '../http/paths.dto.js';
import { EventListParameters, eventListQuery } from './event-list.dto.js';
import { MenstrualCyclePath } from './event-paths.dto.js';
import { EventRemover } from './event-remover.js';
import { MenstrualCyclePageAnswer } from './menstrual-cycles.dto.js';

@ApiTags('External: Events')
@Controller('users/:user_id/events/menstrual-cycles')
export class MenstrualCyclesController {
  constructor(
    private readonly cycles: MenstrualCycleReader,
    private readonly remover: EventRemover,
  ) {}

  @Get()
  @RequireScope('data:read')
  @Operation('list_menstrual_cycles')
  @Answer(MenstrualCyclePageAnswer)
  list(@Param() { userId }: UserPath, @Query() query: EventListParameters): Promise<Paged<MenstrualCycleView>> {
    return this.cycles.page(userId, eventListQuery(query));
  }

  @Delete(':cycle_id')
  @RequireScope('data:write')
  @Operation('delete_menstrual_cycle')
  @Answer(null, 204)
  remove(@Param() { userId, cycleId }: MenstrualCyclePath): Promise<void> {
    return this.remover.remove(userId, 'menstrual_cycle', cycleId, 'Menstrual cycle record not found');
  }
}
