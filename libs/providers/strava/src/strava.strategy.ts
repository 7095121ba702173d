import { defineProvider, type LimitHeaders, type WorkoutPassthrough } from '#libs/providers/kit';
import { stravaOAuth } from './strava.oauth.js';
import { pageSize, stravaResources } from './strava.resources.js';
import { stravaSubscriptions } from './strava.subscriptions.js';
import { stravaWebhooks } from './strava.webhooks.js';

const workouts: WorkoutPassthrough = {
  list: (session) =>
    session.json({ path: '/api/v3/athlete/activities', query: { page: 1, per_page: pageSize(session) } }),
  one: (session, id) => session.json({ path: `/api/v3/activities/${encodeURIComponent(id)}` }),
};

/** By quarters of an hour and days in UTC: of all requests, and of those that only read, of which the vendor allows fewer. */
const limitHeaders: readonly LimitHeaders[] = ['x-ratelimit', 'x-readratelimit'].map((name) => ({
  limit: `${name}-limit`,
  usage: `${name}-usage`,
  windows: [900, 86_400],
}));

export const strava = defineProvider({
  code: 'strava',
  displayName: 'Strava',
  apiBaseUrl: 'https://www.strava.com',
  capabilities: { hasCloudApi: true, restPull: true, webhookPing: true, webhookRegistration: true },
  cloud: {
    oauth: stravaOAuth,
    resources: stravaResources,
    budgets: [
      { requests: 200, perSeconds: 900 },
      { requests: 2000, perSeconds: 86_400 },
    ],
    limitHeaders,
    webhooks: stravaWebhooks,
    subscriptions: stravaSubscriptions,
    workouts,
  },
});
