import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { RequireScope } from '#libs/identity';
import { SyncStatusReader } from '#libs/sync';
import { Answer, Operation } from '../http/answer.js';
import { UserPath } from '../http/paths.dto.js';
import { AnswersStream } from './answers-stream.js';
import { RecentEventsQuery, RecentRunsQuery, StreamQuery, SyncEventAnswer, SyncRunAnswer } from './sync-status.dto.js';
import { SyncStreams } from './sync-streams.js';

@ApiTags('External: Sync Status')
@Controller('users/:user_id/sync')
@RequireScope('data:read')
export class UserSyncController {
  constructor(
    private readonly reader: SyncStatusReader,
    private readonly streams: SyncStreams,
  ) {}

  @Get('recent')
  @Operation('list_recent_sync_events', 'What happened lately, newest first.')
  @Answer([SyncEventAnswer])
  events(@Param() { userId }: UserPath, @Query() { limit }: RecentEventsQuery): Promise<SyncEventAnswer[]> {
    return this.reader.events(userId, limit);
  }

  @Get('runs')
  @Operation('list_sync_run_summaries', 'Runs as their latest event left them, the one changed last first.')
  @Answer([SyncRunAnswer])
  runs(@Param() { userId }: UserPath, @Query() { limit }: RecentRunsQuery): Promise<SyncRunAnswer[]> {
    return this.reader.runs(userId, limit);
  }

  @Get('stream')
  @Operation(
    'stream_user_sync_status',
    'Server-sent events of the name `sync.status`; `data` is what `/sync/recent` lists, `id` its `event_id`. ' +
      'Stored events come first, then live ones; a comment every 15 quiet seconds. ' +
      'The stream ends when the credentials do, with the process, and for readers too slow to follow.',
  )
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'Go on behind this event instead of a replay' })
  @AnswersStream()
  stream(
    @Param() { userId }: UserPath,
    @Query() { replay }: StreamQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    return this.streams.open(userId, replay, request, response);
  }
}
