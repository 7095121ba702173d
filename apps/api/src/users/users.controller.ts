import { Body, Controller, Delete, Get, Param, Patch, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { Erasures, UserExport, Users } from '#libs/accounts';
import { DeveloperAccess, RequireScope } from '#libs/identity';
import { Audited } from '../audit/audited.js';
import { Answer, Operation } from '../http/answer.js';
import { UserPath } from '../http/paths.dto.js';
import { ErasureAnswer, UserAnswer, UserBody, UserListParameters, UserPageAnswer } from './users.dto.js';

const ZIP = 'application/zip';
const ZIP_ANSWER = {
  status: 200,
  description: 'A ZIP, made while it is read',
  content: { [ZIP]: { schema: { type: 'string', format: 'binary' } } },
} as const;

@ApiTags('External: Users')
@Controller('users')
export class UsersController {
  constructor(
    private readonly users: Users,
    private readonly erasures: Erasures,
    private readonly exports: UserExport,
  ) {}

  @Get()
  @RequireScope('data:read')
  @Operation('list_users')
  @Answer(UserPageAnswer)
  list(@Query() query: UserListParameters): Promise<UserPageAnswer> {
    return this.users.list(query);
  }

  @Post()
  @RequireScope('users:write')
  @Operation('create_user')
  @Answer(UserAnswer, 201, { errors: { 409: 'The email belongs to another user' } })
  create(@Body() body: UserBody): Promise<UserAnswer> {
    return this.users.create(body);
  }

  @Get(':user_id')
  @RequireScope('data:read')
  @Operation('get_user')
  @Answer(UserAnswer)
  get(@Param() { userId }: UserPath): Promise<UserAnswer> {
    return this.users.get(userId);
  }

  @Patch(':user_id')
  @DeveloperAccess()
  @Operation('update_user', 'Absent fields stay, null clears.')
  @Answer(UserAnswer, 200, { errors: { 409: 'The email or external id belongs to another user' } })
  update(@Param() { userId }: UserPath, @Body() body: UserBody): Promise<UserAnswer> {
    return this.users.update(userId, body);
  }

  @Delete(':user_id')
  @DeveloperAccess()
  @Operation('delete_user', 'Nobody finds the user from now on; a job erases all data held.')
  @Answer(UserAnswer, 200, { description: 'The deleted user' })
  delete(@Param() { userId }: UserPath): Promise<UserAnswer> {
    return this.users.delete(userId);
  }

  @Get(':user_id/erasure')
  @DeveloperAccess()
  @Operation('get_user_erasure', 'What of a deleted user is gone already: rows by table, and files.')
  @Answer(ErasureAnswer)
  erasure(@Param() { userId }: UserPath): Promise<ErasureAnswer> {
    return this.erasures.report(userId);
  }

  @Get(':user_id/export')
  @DeveloperAccess()
  @Audited('entry')
  @Operation('export_user', 'Everything held about the user: a file of JSON lines per kind of data.')
  @Answer(null, 200)
  @ApiResponse(ZIP_ANSWER)
  async export(@Param() { userId }: UserPath): Promise<StreamableFile> {
    const zip = await this.exports.open(userId, new Date());
    return new StreamableFile(zip, { type: ZIP, disposition: `attachment; filename="user-${userId}.zip"` });
  }
}
