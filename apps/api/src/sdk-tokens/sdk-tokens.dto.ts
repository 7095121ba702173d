import { CODE_LENGTH, CODE_PATTERN, type InvitationCodeView } from '#libs/identity';
import { TokenAnswer } from '../auth/token.dto.js';
import { Shown } from '../http/shown.js';
import type { Kind } from '../http/wire/kind.js';
import { OptionalBody } from '../http/wire/optional-body.js';
import { text } from '../http/wire/text.kinds.js';
import { wireField } from '../http/wire/field.js';
import { WireString } from '../http/wire/wire.js';

const MAYBE = { optional: true, nullable: true } as const;

/** Credentials of an application; a developer needs none. */
@OptionalBody()
export class UserTokenBody {
  @WireString(MAYBE)
  appId?: string | null;

  @WireString(MAYBE)
  appSecret?: string | null;
}

export class RefreshTokenBody {
  @WireString()
  refreshToken!: string;
}

export class InvitationCodeAnswer implements InvitationCodeView {
  @Shown.uuid()
  id!: string;

  @Shown.text({ description: 'In this answer only' })
  code!: string;

  @Shown.uuid()
  user_id!: string;

  @Shown.timestamp()
  expires_at!: string;

  @Shown.timestamp()
  created_at!: string;
}

/** A code in any case. */
function code(): Kind<string> {
  const kind = text({ min: CODE_LENGTH, max: CODE_LENGTH, pattern: CODE_PATTERN });
  return {
    schema: { type: 'string', minLength: CODE_LENGTH, maxLength: CODE_LENGTH, pattern: '^[A-Za-z2-9]{8}$' },
    read: (raw) => kind.read(typeof raw === 'string' ? raw.toUpperCase() : raw),
  };
}

export class RedeemBody {
  @wireField(code(), { description: 'In any case' })
  code!: string;
}

export class RedeemAnswer extends TokenAnswer {
  @Shown.uuid()
  user_id!: string;
}
