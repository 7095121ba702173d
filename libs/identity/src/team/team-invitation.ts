export const INVITATION_STATUSES = ['pending', 'sent', 'failed', 'accepted', 'expired', 'revoked'] as const;
export type InvitationStatus = (typeof INVITATION_STATUSES)[number];

/** An invitation to join the team, as the API shows it. */
export interface InvitationView {
  id: string;
  email: string;
  /** Only in the answer to the inviter, and only when there is no mail server to send it; else empty. */
  token: string;
  status: InvitationStatus;
  expires_at: string;
  created_at: string;
  invited_by_id: string | null;
}

/** What somebody who joins says about themselves. */
export interface Acceptance {
  readonly token: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly password: string;
}
