import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequireScope } from '#libs/identity';
import { SyncStatusReader } from '#libs/sync';
import { Answer, Operation } from '../http/answer.js';
import { AllRunsQuery, SyncRunAnswer } from './sync-status.dto.js';

@ApiTags('External: Sync Status')
@Controller('sync/runs')
@RequireScope('data:read')
export class SyncRunsController {
  constructor(private readonly reader: SyncStatusReader) {}

  @Get()
  @Operation('list_all_sync_run_summaries', 'Runs of all users, the one changed last first; filters match exactly.')
  @Answer([SyncRunAnswer])
  list(@Query() { limit, userId, provider, status, source }: AllRunsQuery): Promise<SyncRunAnswer[]> {
    return this.reader.allRuns({ userId, provider, status, source }, limit);
  }
}
