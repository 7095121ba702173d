/** Who may call what: developers, API keys, scopes and the guard that every route stands behind. */
export { API_KEY_SCHEME, Public, RequireScope, SCOPES, SdkAccess, type Access, type Scope } from './access.js';
export { accessOf, AccessGuard, principalOf } from './access.guard.js';
export { ApiKeys, type ApiKeyRecord } from './api-keys.js';
export { API_KEY_HEADER, API_KEY_HEADER_ALIAS, Authenticator } from './authenticator.js';
export { bootstrapIdentity, type BootstrapResult, type BootstrapSettings } from './bootstrap.js';
export { IdentityModule } from './identity.module.js';
export type { Principal } from './principal.js';
