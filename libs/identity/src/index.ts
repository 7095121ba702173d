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
export { Admission, principalOf } from './access/admission.js';
export { API_KEY_HEADER, API_KEY_HEADER_ALIAS } from './access/authenticator.js';
export type { ApiKeyPrincipal, DeveloperPrincipal, Principal, SdkPrincipal } from './access/principal.js';
export { bootstrapIdentity, type BootstrapResult, type BootstrapSettings } from './bootstrap.js';
export { IdentityModule } from './identity.module.js';
export { ApiKeys, type ApiKeyFields, type ApiKeyWithSecret } from './keys/api-keys.js';
export { ApiKeysRepository, type ApiKeyRecord } from './keys/api-keys.repository.js';
export type { SessionOwner, TokenPair } from './sessions/session.js';
export { Sessions } from './sessions/sessions.service.js';
