import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { UserPriorities } from '#libs/accounts';
import { RequireScope } from '#libs/identity';
import { Answer, Operation } from '../http/answer.js';
import { UserPath } from '../http/paths.dto.js';
import { UserPrioritiesBody, userPriorities, UserPriorityListAnswer } from './priorities.dto.js';

/** Which sources win for one user, before the order for all. */
@ApiTags('External: Users')
@Controller('users/:user_id/priorities')
export class UserPrioritiesController {
  constructor(private readonly priorities: UserPriorities) {}

  @Get()
  @RequireScope('data:read')
  @Operation('get_user_priorities')
  @Answer(UserPriorityListAnswer)
  async list(@Param() { userId }: UserPath): Promise<UserPriorityListAnswer> {
    return { items: await this.priorities.list(userId) };
  }

  @Put()
  @RequireScope('users:write')
  @Operation('replace_user_priorities', "Replaces the user's own order; an empty list removes it.")
  @Answer(UserPriorityListAnswer)
  async replace(@Param() { userId }: UserPath, @Body() body: UserPrioritiesBody): Promise<UserPriorityListAnswer> {
    return { items: await this.priorities.replace(userId, userPriorities(body)) };
  }
}
