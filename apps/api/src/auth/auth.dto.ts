import type { DeveloperChange, DeveloperView } from '#libs/identity';
import { MAYBE, PersonBody } from '../http/person.dto.js';
import { Shown } from '../http/shown.js';
import { WireEmail, WireString } from '../http/wire/wire.js';
import { WireRule } from '../http/wire/wire-rule.js';

export const PASSWORD = { min: 8, max: 1024 } as const;

export class DeveloperAnswer implements DeveloperView {
  @Shown.uuid()
  id!: string;

  @Shown.text({ nullable: true })
  first_name!: string | null;

  @Shown.text({ nullable: true })
  last_name!: string | null;

  @Shown.text()
  email!: string;

  @Shown.timestamp()
  created_at!: string;

  @Shown.timestamp()
  updated_at!: string;
}

/** What may be changed of a developer; null or absent keeps. */
export class DeveloperBody extends PersonBody implements DeveloperChange {
  @WireString({ ...MAYBE, ...PASSWORD, description: 'Needs `current_password`; ends all sessions' })
  password?: string | null;

  @WireString(MAYBE)
  currentPassword?: string | null;
}

@WireRule<ChangePasswordBody>(({ newPassword, confirmPassword }) =>
  newPassword === confirmPassword ? null : 'The confirmation password does not match the new password',
)
export class ChangePasswordBody {
  @WireString()
  currentPassword!: string;

  @WireString(PASSWORD)
  newPassword!: string;

  @WireString(PASSWORD)
  confirmPassword!: string;
}

export class ForgotPasswordBody {
  @WireEmail()
  email!: string;
}

export class ResetPasswordBody {
  @WireString({ min: 1, max: 200, description: 'Of the link' })
  token!: string;

  @WireString(PASSWORD)
  newPassword!: string;
}
