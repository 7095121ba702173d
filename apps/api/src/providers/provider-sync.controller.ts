import { Controller, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequireScope } from '#libs/identity';
import { formatInstant } from '#libs/model';
import { DirectPulls, PullDesk } from '#libs/sync';
import { Answer, Operation } from '../http/answer.js';
import { connectable, UserProviderPath } from '../http/paths.dto.js';
import {
  askedWindow,
  checkAsynchronous,
  HistoryAnswer,
  HistoryQuery,
  ProviderSyncAnswer,
  SyncQuery,
  windowOrNews,
} from './provider-sync.dto.js';
import { VENDOR_ERRORS } from './vendor-errors.js';

@ApiTags('External: Data Sync')
@Controller('providers/:provider/users/:user_id/sync')
export class ProviderSyncController {
  constructor(
    private readonly desk: PullDesk,
    private readonly direct: DirectPulls,
  ) {}

  /** Fetches news from the vendor: queued, or at once with `async=false`. */
  @Post()
  @RequireScope('data:write')
  @Operation('sync_user_data')
  @Answer(ProviderSyncAnswer, 200, { errors: VENDOR_ERRORS })
  async sync(@Param() { provider, userId }: UserProviderPath, @Query() query: SyncQuery): Promise<ProviderSyncAnswer> {
    const code = connectable(provider);
    if (!query.async) return { ...(await this.direct.pull(code, userId, query.dataType, askedWindow(query))) };
    checkAsynchronous(query);
    const { taskId, runId } = await this.desk.request(code, userId, windowOrNews(query));
    const message = `Sync task queued for ${code}. Check task status for results.`;
    return { success: true, async: true, task_id: taskId, run_id: runId, message };
  }

  /** Fetches the last days, window by window. */
  @Post('historical')
  @RequireScope('data:write')
  @Operation('sync_historical_data')
  @Answer(HistoryAnswer)
  async history(@Param() { provider, userId }: UserProviderPath, @Query() query: HistoryQuery): Promise<HistoryAnswer> {
    const { days } = query;
    const { taskId, window } = await this.desk.requestHistory(connectable(provider), userId, days);
    return {
      success: true,
      provider,
      user_id: userId,
      method: 'pull_api',
      task_id: taskId,
      message: `Historical sync queued for ${days} days of ${provider} data.`,
      days,
      start_date: formatInstant(window.start),
      end_date: formatInstant(window.end),
    };
  }
}
