import { describe, expect, it } from '@jest/globals';
import { currentAddress } from './old-addresses.js';

describe('currentAddress', () => {
  it.each([
    ['POST', '/whoop/users/u/sync', '/api/v1/providers/whoop/users/u/sync'],
    ['POST', '/api/v1/whoop/users/u/sync?async=false', '/api/v1/providers/whoop/users/u/sync?async=false'],
    ['POST', '/api/v1/sync/oura/users/u/sync', '/api/v1/providers/oura/users/u/sync'],
    ['POST', '/api/v1/garmin/webhooks/push', '/api/v1/providers/garmin/webhooks'],
    ['GET', '/api/v1/strava/webhook?hub.mode=subscribe', '/api/v1/providers/strava/webhooks?hub.mode=subscribe'],
    ['POST', '/api/v1/oura/webhooks', '/api/v1/providers/oura/webhooks'],
    ['POST', '/api/v1/oura/webhooks/subscriptions/renew', '/api/v1/providers/oura/webhooks/subscriptions/renew'],
  ])('%s %s leads to %s', (method, from, to) => expect(currentAddress(method, from)).toBe(to));

  it.each([
    ['GET', '/api/v1/whoop/users/u/sync'],
    ['POST', '/api/v1/sdk/users/u/sync'],
    ['GET', '/api/v1/users/u/sync/runs'],
    ['GET', '/api/v1/oura/webhooks/health'],
    ['POST', '/api/v1/unknown/users/u/sync'],
    ['POST', '/api/v1/whoop/users/u/sync/historical'],
  ])('%s %s stays', (method, url) => expect(currentAddress(method, url)).toBe(url));
});
