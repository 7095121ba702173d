import { Controller, Param, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Public } from '#libs/identity';
import { ClientUploads } from '#libs/imports';
import { Failure } from '#libs/model';
import { Answer, Operation } from '../http/answer.js';
import { userIdOf } from '../http/user-id.js';
import { UploadPath } from './imports.dto.js';
import { FILE_FORM, incomingFile } from './incoming-file.js';

/** Where forms lead that clients upload with, when there is no bucket. The form itself is the credential. */
@ApiTags('External: Apple Health XML Import')
@Controller('uploads')
@Public()
export class UploadsController {
  constructor(private readonly uploads: ClientUploads) {}

  @Post(':upload_id')
  @Operation('receive_upload')
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: FILE_FORM })
  @Answer(null, 204)
  async receive(@Param() { uploadId }: UploadPath, @Req() request: Request): Promise<void> {
    const id = userIdOf(uploadId);
    if (id === null) throw new Failure(403, 'The upload form is not valid any more');
    await this.uploads.receive(id, incomingFile(request));
  }
}
