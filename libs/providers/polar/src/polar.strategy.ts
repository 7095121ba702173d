import { defineProvider, type WorkoutPassthrough } from '#libs/providers/kit';
import { polarOAuth } from './polar.oauth.js';
import { polarResources } from './polar.resources.js';
import { polarSubscriptions } from './polar.subscriptions.js';
import { polarWebhooks } from './polar.webhooks.js';

const workouts: WorkoutPassthrough = {
  list: (session, { samples, zones, route }) =>
    session.json({ path: '/v3/exercises', query: { samples, zones, route } }),
  one: (session, id, { samples, zones, route }) =>
    session.json({ path: `/v3/exercises/${encodeURIComponent(id)}`, query: { samples, zones, route } }),
};

export const polar = defineProvider({
  code: 'polar',
  displayName: 'Polar',
  apiBaseUrl: 'https://www.polaraccesslink.com',
  capabilities: {
    hasCloudApi: true,
    restPull: true,
    webhookPing: true,
    webhookRegistration: true,
    webhookSecretFromRegistration: true,
  },
  cloud: {
    oauth: polarOAuth,
    resources: polarResources,
    budgets: [
      { requests: 500, perSeconds: 900, perUser: 20 },
      { requests: 5000, perSeconds: 86_400, perUser: 100 },
    ],
    webhooks: polarWebhooks,
    subscriptions: polarSubscriptions,
    workouts,
  },
});
