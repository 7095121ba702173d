import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';

/** What a caller may do. */
export const SCOPES = [
  'data:read',
  'data:write',
  'users:write',
  'connections:write',
  'webhooks:write',
  'admin',
] as const;
export type Scope = (typeof SCOPES)[number];

/** Who may call a route. */
export type Access = { kind: 'public' } | { kind: 'scope'; scope: Scope } | { kind: 'sdk' };

export const ACCESS = 'identity:access';

/** Name of the API key scheme in the OpenAPI document. */
export const API_KEY_SCHEME = 'apiKey';

const access = (value: Access): MethodDecorator & ClassDecorator => SetMetadata(ACCESS, value);

/** Callers with this scope only. */
export const RequireScope = (scope: Scope): MethodDecorator & ClassDecorator =>
  applyDecorators(access({ kind: 'scope', scope }), ApiSecurity(API_KEY_SCHEME));

/** Anybody, without credentials. */
export const Public = (): MethodDecorator & ClassDecorator => access({ kind: 'public' });

/** A mobile SDK of the user named by `user_id` in the path, or an API key. */
export const SdkAccess = (): MethodDecorator & ClassDecorator =>
  applyDecorators(access({ kind: 'sdk' }), ApiSecurity(API_KEY_SCHEME));
