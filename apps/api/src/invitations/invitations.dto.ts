import { INVITATION_STATUSES, type InvitationStatus, type InvitationView } from '#libs/identity';
import { PASSWORD } from '../auth/auth.dto.js';
import { Shown } from '../http/shown.js';
import type { Kind } from '../http/wire/kind.js';
import { text } from '../http/wire/text.kinds.js';
import { wireField } from '../http/wire/field.js';
import { WireEmail, WireString, WireUuid } from '../http/wire/wire.js';

export class InvitationAnswer implements InvitationView {
  @Shown.uuid()
  id!: string;

  @Shown.text()
  email!: string;

  @Shown.text({ description: 'For the inviter when no mail can be sent; else, and in lists, empty' })
  token!: string;

  @Shown.oneOf(INVITATION_STATUSES)
  status!: InvitationStatus;

  @Shown.timestamp()
  expires_at!: string;

  @Shown.timestamp()
  created_at!: string;

  @Shown.text({ nullable: true })
  invited_by_id!: string | null;
}

/** `/invitations/{invitation_id}` */
export class InvitationPath {
  @WireUuid()
  invitationId!: string;
}

export class InvitationBody {
  @WireEmail()
  email!: string;
}

const NAME = { min: 1, max: 100 } as const;

/** A name without blanks around it. */
function name(): Kind<string> {
  const kind = text(NAME);
  return { ...kind, read: (raw) => kind.read(typeof raw === 'string' ? raw.trim() : raw) };
}

export class AcceptanceBody {
  @WireString({ min: 1, max: 200 })
  token!: string;

  @wireField(name(), {})
  firstName!: string;

  @wireField(name(), {})
  lastName!: string;

  @WireString(PASSWORD)
  password!: string;
}
