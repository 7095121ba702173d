import { describe, expect, it, jest } from '@jest/globals';
import type { CloudApp, CloudApps } from '#libs/cloud';
import type { Database } from '#libs/database';
import { DeliveryWakeUp } from './delivery-wake-up.js';
import { RememberedEnvironments } from './remembered-environments.js';

describe('remembered environments', () => {
  const app = { code: 'whoop' } as CloudApp;
  const asked = () => {
    let secret = 'old';
    const environment = jest.fn(() => Promise.resolve({ webhookSecret: secret }));
    const remembered = new RememberedEnvironments({ environment } as unknown as CloudApps);
    const accepts = (signedWith: string, nowMs: number): Promise<boolean> =>
      remembered.judge(
        app,
        ({ webhookSecret }) => webhookSecret === signedWith,
        (isGood) => !isGood,
        nowMs,
      );
    return { environment, accepts, change: (to: string) => void (secret = to) };
  };

  it('ask once in five seconds', async () => {
    const { environment, accepts } = asked();
    expect([await accepts('old', 0), await accepts('old', 4_999)]).toEqual([true, true]);
    expect(environment).toHaveBeenCalledTimes(1);
    await accepts('old', 5_000);
    expect(environment).toHaveBeenCalledTimes(2);
  });

  it('never refuse what a new secret accepts, and refuse at last what an old one did', async () => {
    const { accepts, change } = asked();
    await accepts('old', 0);
    change('new');
    expect([await accepts('old', 10), await accepts('new', 20), await accepts('old', 30)]).toEqual([true, true, false]);
  });
});

describe('waking the workers', () => {
  it('tells of deliveries together that come while the database is told, and of its trouble only the log', async () => {
    const query = jest.fn(() =>
      query.mock.calls.length === 1 ? Promise.reject(new Error('gone')) : Promise.resolve([]),
    );
    const wakeUp = new DeliveryWakeUp({ query } as unknown as Database);
    wakeUp.ask();
    // The answer to the vendor comes first.
    expect(query).not.toHaveBeenCalled();
    await new Promise((resolve) => setImmediate(resolve));
    wakeUp.ask();
    wakeUp.ask();
    await wakeUp.onModuleDestroy();
    expect(query).toHaveBeenCalledTimes(2);
  });
});
