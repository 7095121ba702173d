import { Controller, Param, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { SdkAccess } from '#libs/identity';
import { UploadDesk } from '#libs/sync';
import { Audited } from '../audit/audited.js';
import { Answer, Operation } from '../http/answer.js';
import { incomingUpload } from './incoming-upload.js';
import { SdkUserPath, SyncAnswer, uploadAnswer } from './sdk.dto.js';
import { SDK_UPLOAD_SCHEMA } from './sdk-upload.schema.js';

@ApiTags('External: Mobile SDK')
@Controller('sdk/users/:user_id')
@SdkAccess()
export class SdkSyncController {
  constructor(private readonly desk: UploadDesk) {}

  /** Accepts what a phone collected; it is stored before the answer and digested afterwards. */
  @Post('sync')
  @Audited('count')
  @Operation('sync_sdk_data')
  @ApiConsumes('application/json')
  @ApiBody({ schema: SDK_UPLOAD_SCHEMA })
  @Answer(SyncAnswer, 202)
  async sync(@Param() { userId }: SdkUserPath, @Req() request: Request): Promise<SyncAnswer> {
    const { batchId, taskId } = await this.desk.receive(incomingUpload(request, userId));
    const answer = uploadAnswer('Import task queued successfully', userId);
    return Object.assign(answer, { batch_id: batchId, task_id: taskId });
  }
}
