import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DeveloperAccess } from '#libs/identity';
import { DashboardReader, type DashboardStats } from '#libs/read';
import { Answer, Operation } from '../http/answer.js';
import { DashboardStatsAnswer } from './dashboard.dto.js';

@ApiTags('Internal: Dashboard')
@Controller('dashboard')
@DeveloperAccess()
export class DashboardController {
  constructor(private readonly dashboard: DashboardReader) {}

  @Get('stats')
  @Operation('get_stats')
  @Answer(DashboardStatsAnswer)
  stats(): Promise<DashboardStats> {
    return this.dashboard.stats();
  }
}
