import { defineProvider, type WorkoutPassthrough } from '#libs/providers/kit';
import { ouraOAuth } from './oura.oauth.js';
import { ouraResources } from './oura.resources.js';
import { ouraSubscriptions } from './oura.subscriptions.js';
import { ouraWebhooks } from './oura.webhooks.js';

const WORKOUTS = '/v2/usercollection/workout';

const workouts: WorkoutPassthrough = {
  list: (session) => session.json({ path: WORKOUTS }),
  one: (session, id) => session.json({ path: `${WORKOUTS}/${encodeURIComponent(id)}` }),
};

export const oura = defineProvider({
  code: 'oura',
  displayName: 'Oura',
  apiBaseUrl: 'https://api.ouraring.com',
  capabilities: { hasCloudApi: true, restPull: true, webhookPing: true, webhookRegistration: true },
  cloud: {
    oauth: ouraOAuth,
    resources: ouraResources,
    budgets: [{ requests: 5000, perSeconds: 300 }],
    webhooks: ouraWebhooks,
    subscriptions: ouraSubscriptions,
    workouts,
  },
});
