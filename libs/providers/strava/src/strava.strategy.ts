import { defineProvider, type WorkoutPassthrough } from '#libs/providers/kit';
import { stravaOAuth } from './strava.oauth.js';
import { pageSize, stravaResources } from './strava.resources.js';
import { stravaSubscriptions } from './strava.subscriptions.js';
import { stravaWebhooks } from './strava.webhooks.js';

const workouts: WorkoutPassthrough = {
  list: (session) =>
    session.json({ path: '/api/v3/athlete/activities', query: { page: 1, per_page: pageSize(session) } }),
  one: (session, id) => session.json({ path: `/api/v3/activities/${encodeURIComponent(id)}` }),
};

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
    webhooks: stravaWebhooks,
    subscriptions: stravaSubscriptions,
    workouts,
  },
});
