import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiSecurity } from '@nestjs/swagger';

/** What an API key may do. `admin` includes all others. */
export const SCOPES = [
  'data:read',
  'data:write',
  'users:write',
  'connections:write',
  'webhooks:write',
  'admin',
] as const;
export type Scope = (typeof SCOPES)[number];

/** What a key may do when nobody says otherwise. */
export const DEFAULT_SCOPES: readonly Scope[] = SCOPES.filter((scope) => scope !== 'admin');

/** Who may call a route. */
export type Access =
  | { readonly kind: 'public' }
  | { readonly kind: 'scope'; readonly scope: Scope }
  | { readonly kind: 'developer' }
  | { readonly kind: 'sdk' }
  | { readonly kind: 'application' };

export const ACCESS = 'identity:access';

/** Name of the API key scheme in the OpenAPI document. */
export const API_KEY_SCHEME = 'apiKey';
/** Name of the developers' login in the OpenAPI document. */
export const DEVELOPER_SCHEME = 'OAuth2PasswordBearer';
/** Name of the phones' token in the OpenAPI document. */
export const SDK_SCHEME = 'sdkToken';

type AccessDecorator = MethodDecorator & ClassDecorator;

const access = (value: Access): AccessDecorator => SetMetadata(ACCESS, value);

/** API keys with this scope, and every developer. */
export const RequireScope = (scope: Scope): AccessDecorator =>
  applyDecorators(access({ kind: 'scope', scope }), ApiSecurity(API_KEY_SCHEME), ApiSecurity(DEVELOPER_SCHEME));

/** Developers who are logged in; API keys do not help. */
export const DeveloperAccess = (): AccessDecorator =>
  applyDecorators(access({ kind: 'developer' }), ApiSecurity(DEVELOPER_SCHEME));

/** Anybody, without credentials. */
export const Public = (): AccessDecorator => access({ kind: 'public' });

/** A mobile SDK of the user named by `user_id` in the path, or an API key that may write data. */
export const SdkAccess = (): AccessDecorator =>
  applyDecorators(access({ kind: 'sdk' }), ApiBearerAuth(SDK_SCHEME), ApiSecurity(API_KEY_SCHEME));

/** Whoever the route itself recognises by an application's id and secret in the body; a developer is recognised here. */
export const ApplicationAccess = (): AccessDecorator =>
  applyDecorators(access({ kind: 'application' }), ApiSecurity(DEVELOPER_SCHEME));
