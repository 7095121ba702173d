import type { OAuthFacts } from '#libs/providers/kit';

/** Refresh tokens rotate. Scopes are joined by commas. */
export const stravaOAuth: OAuthFacts = {
  authorizeUrl: 'https://www.strava.com/oauth/authorize',
  tokenUrl: 'https://www.strava.com/oauth/token',
  clientAuth: 'body',
  defaultScope: 'activity:read_all,profile:read_all',
  account: { from: 'api', path: '/api/v3/athlete', id: 'id', username: ['username'] },
  revoke: [
    {
      method: 'POST',
      path: '/oauth/revoke',
      auth: 'basic',
      form: { token: '{access_token}', token_type_hint: 'access_token' },
      nextOn: [404, 405],
    },
    // What the vendor's public documentation names.
    { method: 'POST', path: '/oauth/deauthorize', auth: 'none', form: { access_token: '{access_token}' } },
  ],
};
