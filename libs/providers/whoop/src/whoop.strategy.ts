import { defineProvider, type WorkoutPassthrough } from '#libs/providers/kit';
import { whoopOAuth } from './whoop.oauth.js';
import { whoopResources } from './whoop.resources.js';
import { whoopWebhooks } from './whoop.webhooks.js';

const workouts: WorkoutPassthrough = {
  list: (session, { limit }) => session.json({ path: '/v2/activity/workout', query: { limit: Math.min(limit, 25) } }),
  one: (session, id) => session.json({ path: `/v2/activity/workout/${encodeURIComponent(id)}` }),
};

export const whoop = defineProvider({
  code: 'whoop',
  displayName: 'Whoop',
  apiBaseUrl: 'https://api.prod.whoop.com/developer',
  capabilities: { hasCloudApi: true, restPull: true, webhookPing: true },
  cloud: {
    oauth: whoopOAuth,
    resources: whoopResources,
    budgets: [
      { requests: 100, perSeconds: 60 },
      { requests: 10_000, perSeconds: 86_400 },
    ],
    webhooks: whoopWebhooks,
    workouts,
  },
});
