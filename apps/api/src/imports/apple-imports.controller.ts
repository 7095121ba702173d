import { Body, Controller, Param, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { RequireScope } from '#libs/identity';
import { ClientUploads, ImportDesk } from '#libs/imports';
import { Answer, Operation } from '../http/answer.js';
import { userIdOf } from '../http/user-id.js';
import {
  CompletedUploadBody,
  ImportAnswer,
  importAnswer,
  ImportTaskPath,
  ImportUserPath,
  PresignedUploadAnswer,
  presignedUpload,
  PresignedUploadBody,
  uploadWish,
} from './imports.dto.js';
import { FILE_FORM, incomingFile } from './incoming-file.js';

const BUCKET_ERRORS = { 503: 'The bucket cannot be reached' };

@ApiTags('External: Apple Health XML Import')
@Controller('users/:user_id/import/apple/xml')
@RequireScope('data:write')
export class AppleImportsController {
  constructor(
    private readonly desk: ImportDesk,
    private readonly uploads: ClientUploads,
  ) {}

  /** Stores an export, as it is or in its archive, and imports it in the background. */
  @Post('direct')
  @Operation('import_xml_file')
  @ApiConsumes('multipart/form-data', 'application/xml', 'application/zip')
  @ApiBody({ schema: FILE_FORM })
  @Answer(ImportAnswer)
  async direct(@Param() { userId }: ImportUserPath, @Req() request: Request): Promise<ImportAnswer> {
    const taskId = await this.desk.receive(userIdOf(userId), incomingFile(request));
    return importAnswer('processing', userId, taskId);
  }

  /** A form with which a client uploads an export by itself. */
  @Post('s3')
  @Operation('import_xml_presigned_url')
  @Answer(PresignedUploadAnswer, 200, { errors: BUCKET_ERRORS })
  async presign(
    @Param() { userId }: ImportUserPath,
    @Body() body: PresignedUploadBody,
  ): Promise<PresignedUploadAnswer> {
    return presignedUpload(await this.uploads.offer(userIdOf(userId), uploadWish(body)), body);
  }

  /** Begins the import of what was uploaded to the bucket, where no notification does. The same call again answers the same. */
  @Post('s3/complete')
  @Operation('complete_xml_upload')
  @Answer(ImportAnswer, 200, { errors: { 409: 'The file has not been uploaded' } })
  async complete(@Param() { userId }: ImportUserPath, @Body() { fileKey }: CompletedUploadBody): Promise<ImportAnswer> {
    return importAnswer('processing', userId, await this.uploads.complete(userIdOf(userId), fileKey));
  }

  /** Stops an import; what it has stored stays. */
  @Post(':task_id/cancel')
  @Operation('cancel_xml_import')
  @Answer(ImportAnswer, 200, { errors: { 409: 'The import is over' } })
  async cancel(@Param() { userId, taskId }: ImportTaskPath): Promise<ImportAnswer> {
    await this.desk.cancel(userIdOf(userId), taskIdOf(taskId));
    return importAnswer('cancelling', userId, taskId);
  }
}

/** An id nobody has, for text that is none. */
const taskIdOf = (text: string): string => userIdOf(text) ?? '00000000-0000-0000-0000-000000000000';
