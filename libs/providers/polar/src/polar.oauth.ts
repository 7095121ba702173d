import type { OAuthFacts } from '#libs/providers/kit';

/** Tokens live for a year or more and mostly come without a refresh token. */
export const polarOAuth: OAuthFacts = {
  authorizeUrl: 'https://flow.polar.com/oauth2/authorization',
  tokenUrl: 'https://polarremote.com/v2/oauth2/token',
  clientAuth: 'basic',
  defaultScope: 'accesslink.read_all',
  account: { from: 'token', id: 'x_user_id' },
  // Without it the vendor keeps the user's data back. A known user answers 409, which is as good.
  afterToken: {
    method: 'POST',
    path: '/v3/users',
    auth: 'bearer',
    json: { 'member-id': '{user_id}' },
    timeoutSeconds: 10,
  },
  revoke: [{ method: 'DELETE', path: '/v3/users/{provider_user_id}', auth: 'bearer', timeoutSeconds: 10 }],
};
