import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Applications, DeveloperAccess, type DeveloperPrincipal } from '#libs/identity';
import { Answer, Operation } from '../http/answer.js';
import { Caller } from '../http/caller.js';
import { ApplicationAnswer, ApplicationBody, ApplicationPath, ApplicationSecretAnswer } from './applications.dto.js';

@ApiTags('Internal: Applications')
@Controller('applications')
@DeveloperAccess()
export class ApplicationsController {
  constructor(private readonly applications: Applications) {}

  @Get()
  @Operation('list_applications', "The caller's own, newest first.")
  @Answer([ApplicationAnswer])
  list(@Caller() { id }: DeveloperPrincipal): Promise<ApplicationAnswer[]> {
    return this.applications.list(id);
  }

  @Post()
  @Operation('create_application')
  @Answer(ApplicationSecretAnswer, 201)
  create(@Body() { name }: ApplicationBody, @Caller() { id }: DeveloperPrincipal): Promise<ApplicationSecretAnswer> {
    return this.applications.create(name, id);
  }

  @Delete(':app_id')
  @Operation('delete_application', 'The phones that got their tokens through it are logged out.')
  @Answer(null, 204)
  delete(@Param() { appId }: ApplicationPath, @Caller() { id }: DeveloperPrincipal): Promise<void> {
    return this.applications.delete(appId, id);
  }

  @Post(':app_id/rotate-secret')
  @Operation('rotate_application_secret', 'The old secret, and the phones it got tokens for, end at once.')
  @Answer(ApplicationSecretAnswer)
  rotate(@Param() { appId }: ApplicationPath, @Caller() { id }: DeveloperPrincipal): Promise<ApplicationSecretAnswer> {
    return this.applications.rotateSecret(appId, id, new Date());
  }
}
