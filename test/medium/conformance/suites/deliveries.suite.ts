import { describe, expect, it } from '@jest/globals';
import type { Delivered } from '../conformance-platform.js';
import { PROFILES } from '../profiles.js';
import type { CloudStrategy } from '../providers.js';
import { replaying } from '../replay.js';
import { announced, connectionOf, expectNothing, expectStored, outboxSize, sampleOf } from '../stored.js';
import type { World } from '../world.js';

/** Deliveries that come twice, forged, too late, about strangers, or say good-bye. */
export function describeDeliveries(strategy: CloudStrategy, world: () => World): void {
  const { code, cloud } = strategy;
  const { delivery, deregistration } = PROFILES[code]!;

  if (delivery === null) {
    it('listens to nobody', () => expect(cloud.webhooks).toBeUndefined());
    return;
  }
  const delivered = sampleOf(code, delivery);
  const deliver = (one = delivered, body = one.body ?? ''): Promise<Delivered> =>
    world().platform.deliver(code, { body, headers: one.headers }, new Date(one.given.now));

  describe('deliveries', () => {
    it('change nothing when they come twice', async () => {
      const account = await world().platform.connect(code, delivered.given);
      world().vendor.reset(replaying(strategy, delivered));
      await deliver();
      const once = await outboxSize(world(), account);
      const again = await deliver();
      expect(again.answer.status).toBe(200);
      expect(again.result).toMatchObject({ status: delivered.expected.job_result!['status'] });
      await expectStored(world(), account, delivered.expected);
      expect(await outboxSize(world(), account)).toBe(once);
    });

    it('are refused when a byte is not what was signed', async () => {
      const account = await world().platform.connect(code, delivered.given);
      world().vendor.reset(replaying(strategy, delivered));
      const { answer, result } = await deliver(delivered, `${delivered.body} `);
      const body = { detail: 'Invalid webhook signature' };
      expect({ answer, result }).toEqual({ answer: { status: 401, body }, result: null });
      await expectNothing(world(), account);
      expect(world().vendor.hits).toEqual([]);
    });

    it('about somebody whom nobody knows, or who has left, are acknowledged and dropped', async () => {
      const { given } = delivered;
      const stranger = { ...given.connection, provider_user_id: 'nobody', provider_username: 'nobody' };
      const account = await world().platform.connect(code, { ...given, connection: stranger });
      world().vendor.reset(replaying(strategy, delivered));
      const { answer, result } = await deliver();
      expect(answer.status).toBe(200);
      expect(result).toMatchObject({ status: 'user_not_found' });
      await expectNothing(world(), account);

      const leaver = await world().platform.connect(code, given);
      await world().database.db.query(`UPDATE connection SET status = 'revoked' WHERE id = $1`, [leaver.connectionId]);
      expect((await deliver()).result).toMatchObject({ status: 'user_not_found' });
      await expectNothing(world(), leaver);
      expect(world().vendor.hits).toEqual([]);
    });

    it('that the vendor takes back in the meantime are dropped', async () => {
      const account = await world().platform.connect(code, delivered.given);
      world().vendor.reset(() => ({ status: 410, body: {} }));
      const { result } = await deliver();
      expect(result).toMatchObject({ status: 'skipped', reason: 'upstream_non_retriable', upstream_status: 410 });
      await expectNothing(world(), account);
    });

    if (deregistration !== null) {
      it('by which a user leaves at the vendor end the connection, once', async () => {
        const one = sampleOf(code, deregistration);
        const account = await world().platform.connect(code, one.given);
        world().vendor.reset(replaying(strategy, one));
        for (let times = 0; times < 2; times++) expect((await deliver(one)).answer.status).toBe(200);
        expect(await connectionOf(world(), account)).toMatchObject({
          status: 'revoked',
          access_token_encrypted: null,
          refresh_token_encrypted: null,
        });
        expect(await announced(world(), account)).toEqual(['connection.revoked deregistration']);
      });
    }
  });
}
