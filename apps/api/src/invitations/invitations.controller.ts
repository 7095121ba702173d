import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DeveloperAccess, Joining, Public, TeamInvitations, type DeveloperPrincipal } from '#libs/identity';
import { StrictLimit } from '#libs/rate-limits';
import { DeveloperAnswer } from '../auth/auth.dto.js';
import { Answer, Operation } from '../http/answer.js';
import { Caller } from '../http/caller.js';
import { AcceptanceBody, InvitationAnswer, InvitationBody, InvitationPath } from './invitations.dto.js';

@ApiTags('Internal: Invitations')
@Controller('invitations')
@DeveloperAccess()
export class InvitationsController {
  constructor(
    private readonly invitations: TeamInvitations,
    private readonly joining: Joining,
  ) {}

  @Get()
  @Operation('list_invitations', 'Those that can still be accepted or sent again, newest first.')
  @Answer([InvitationAnswer])
  list(): Promise<InvitationAnswer[]> {
    return this.invitations.list();
  }

  @Post()
  @Operation('create_invitation', 'Mails a link; without a mail server `token` is in this answer and nowhere else.')
  @Answer(InvitationAnswer, 201)
  create(@Body() { email }: InvitationBody, @Caller() { id }: DeveloperPrincipal): Promise<InvitationAnswer> {
    return this.invitations.invite(email, id, new Date());
  }

  @Delete(':invitation_id')
  @Operation('revoke_invitation')
  @Answer(InvitationAnswer)
  revoke(@Param() { invitationId }: InvitationPath): Promise<InvitationAnswer> {
    return this.invitations.revoke(invitationId);
  }

  @Post(':invitation_id/resend')
  @Operation('resend_invitation', 'A new link with a new term; the old link ends.')
  @Answer(InvitationAnswer)
  resend(@Param() { invitationId }: InvitationPath): Promise<InvitationAnswer> {
    return this.invitations.resend(invitationId, new Date());
  }

  @Post('accept')
  @Public()
  @StrictLimit('invitation')
  @Operation('accept_invitation', 'Makes a developer of whoever holds the token.')
  @Answer(DeveloperAnswer, 201)
  accept(@Body() body: AcceptanceBody): Promise<DeveloperAnswer> {
    return this.joining.accept(body, new Date());
  }
}
