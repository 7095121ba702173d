import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequireScope } from '#libs/identity';
import { HealthScoreReader, type HealthScoreView, type Paged } from '#libs/read';
import { Answer, Operation } from '../http/answer.js';
import { UserPath } from '../http/paths.dto.js';
import { HealthScorePageAnswer, HealthScoreParameters, healthScoreQuery } from './health-scores.dto.js';

@ApiTags('External: Health Scores')
@Controller('users/:user_id/health-scores')
@RequireScope('data:read')
export class HealthScoresController {
  constructor(private readonly scores: HealthScoreReader) {}

  @Get()
  @Operation('list_health_scores')
  @Answer(HealthScorePageAnswer)
  list(@Param() { userId }: UserPath, @Query() query: HealthScoreParameters): Promise<Paged<HealthScoreView>> {
    return this.scores.page(userId, healthScoreQuery(query));
  }
}
