import { Body, Controller, Delete, Get, Param, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DeveloperAccess, Developers, type DeveloperPrincipal } from '#libs/identity';
import { DeveloperAnswer, DeveloperBody } from '../auth/auth.dto.js';
import { Answer, Operation } from '../http/answer.js';
import { Caller } from '../http/caller.js';
import { DeveloperPath } from './developers.dto.js';

@ApiTags('Internal: Developers')
@Controller('developers')
@DeveloperAccess()
export class DevelopersController {
  constructor(private readonly developers: Developers) {}

  @Get()
  @Operation('list_developers')
  @Answer([DeveloperAnswer])
  list(): Promise<DeveloperAnswer[]> {
    return this.developers.list();
  }

  @Get(':developer_id')
  @Operation('get_developer')
  @Answer(DeveloperAnswer)
  get(@Param() { developerId }: DeveloperPath): Promise<DeveloperAnswer> {
    return this.developers.get(developerId);
  }

  @Patch(':developer_id')
  @Operation('update_developer', 'Email and password can be changed by the developer alone.')
  @Answer(DeveloperAnswer, 200, { errors: { 409: 'The email belongs to another developer' } })
  update(
    @Param() { developerId }: DeveloperPath,
    @Body() body: DeveloperBody,
    @Caller() { id }: DeveloperPrincipal,
  ): Promise<DeveloperAnswer> {
    return this.developers.update(developerId, body, id, new Date());
  }

  @Delete(':developer_id')
  @Operation('delete_developer', 'Their sessions end; their applications pass to the caller.')
  @Answer(DeveloperAnswer, 200, { description: 'The deleted developer', errors: { 409: 'It is the last developer' } })
  delete(@Param() { developerId }: DeveloperPath, @Caller() { id }: DeveloperPrincipal): Promise<DeveloperAnswer> {
    return this.developers.delete(developerId, id);
  }
}
