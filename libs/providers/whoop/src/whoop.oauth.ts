import type { OAuthFacts } from '#libs/providers/kit';

/** Refresh tokens need the scope `offline` and rotate. */
export const whoopOAuth: OAuthFacts = {
  authorizeUrl: 'https://api.prod.whoop.com/oauth/oauth2/auth',
  tokenUrl: 'https://api.prod.whoop.com/oauth/oauth2/token',
  clientAuth: 'body',
  defaultScope: 'offline read:cycles read:sleep read:recovery read:workout read:body_measurement read:profile',
  account: { from: 'api', path: '/v2/user/profile/basic', id: 'user_id' },
  revoke: [{ method: 'DELETE', path: '/v2/user/access', auth: 'bearer' }],
};
