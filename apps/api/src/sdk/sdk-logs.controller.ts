import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { SdkAccess } from '#libs/identity';
import { SdkLogs } from '#libs/sync';
import { Audited } from '../audit/audited.js';
import { Answer, Operation } from '../http/answer.js';
import { userIdOf } from '../http/user-id.js';
import { SdkUserPath, UploadAnswer, uploadAnswer } from './sdk.dto.js';
import { SdkLogsBody } from './sdk-logs.dto.js';

@ApiTags('External: Mobile SDK')
@Controller('sdk/users/:user_id')
@SdkAccess()
export class SdkLogsController {
  constructor(private readonly logs: SdkLogs) {}

  /** Keeps what a phone tells about its state and its syncs for 14 days. */
  @Post('logs')
  @Audited('count')
  @Operation('submit_sdk_logs')
  @Answer(UploadAnswer, 202)
  async submit(@Param() { userId }: SdkUserPath, @Body() body: SdkLogsBody): Promise<UploadAnswer> {
    const events = body.events.filter((event) => event !== null);
    await this.logs.store({ userId: userIdOf(userId), provider: body.provider, sdkVersion: body.sdkVersion, events });
    return uploadAnswer('Log events stored successfully', userId);
  }
}
