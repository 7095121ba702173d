/** Who may call what: developers, API keys, applications, phones, and the guard that every route stands behind. */
export {
  API_KEY_SCHEME,
  ApplicationAccess,
  DEFAULT_SCOPES,
  DEVELOPER_SCHEME,
  DeveloperAccess,
  Public,
  RequireScope,
  SCOPES,
  SDK_SCHEME,
  SdkAccess,
  type Access,
  type Scope,
} from './access/access.js';
export { accessOf, AccessGuard } from './access/access.guard.js';
export { Admission, principalOf, senderOf } from './access/admission.js';
export { API_KEY_HEADER, API_KEY_HEADER_ALIAS } from './access/authenticator.js';
export type { ApiKeyPrincipal, DeveloperPrincipal, Principal, SdkPrincipal } from './access/principal.js';
export { bootstrapIdentity, type BootstrapResult, type BootstrapSettings } from './bootstrap.js';
export { Applications, type ApplicationView, type ApplicationWithSecret } from './applications/applications.service.js';
export type { DeveloperChange, DeveloperView } from './developers/developer.js';
export { Developers } from './developers/developers.service.js';
export { ForgottenPasswords } from './developers/forgotten-passwords.js';
export { Logins } from './developers/logins.js';
export { PasswordResets } from './developers/password-resets.js';
export { MIN_PASSWORD_CHARACTERS, PasswordHasher } from './developers/passwords.js';
export { IdentityMailModule, IdentityModule } from './identity.module.js';
export { ApiKeys, type ApiKeyFields, type ApiKeyWithSecret } from './keys/api-keys.js';
export { ApiKeysRepository, type ApiKeyRecord } from './keys/api-keys.repository.js';
export { InvitationCodes, type InvitationCodeView } from './phones/invitation-codes.js';
export { CODE_LENGTH, CODE_PATTERN } from './phones/pairing-code.js';
export { UserTokens } from './phones/user-tokens.js';
export type { SessionOwner, TokenPair } from './sessions/session.js';
export { Sessions } from './sessions/sessions.service.js';
export { InvitationMail } from './team/invitation-mail.js';
export { Joining } from './team/joining.js';
export { INVITATION_STATUSES, type InvitationStatus, type InvitationView } from './team/team-invitation.js';
export { TeamInvitations } from './team/team-invitations.service.js';
