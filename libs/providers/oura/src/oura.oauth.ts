import type { OAuthFacts } from '#libs/providers/kit';

/** Refresh tokens rotate. The vendor wants the access token of a revocation in the address. */
export const ouraOAuth: OAuthFacts = {
  authorizeUrl: 'https://cloud.ouraring.com/oauth/authorize',
  tokenUrl: 'https://api.ouraring.com/oauth/token',
  clientAuth: 'body',
  defaultScope: 'personal daily activity heartrate workout session spo2 ring_configuration heart_health',
  account: { from: 'api', path: '/v2/usercollection/personal_info', id: 'id' },
  revoke: [{ method: 'POST', path: '/oauth/revoke', auth: 'none', query: { access_token: '{access_token}' } }],
};
