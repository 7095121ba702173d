import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DatabaseListener } from '#libs/database';
import { currentContext } from '#libs/observability';
import { VendorInboxRepository, type DeliveryWorker, type PendingDelivery } from '#libs/sync';
import { DeliveryService } from '../../../libs/sync/src/vendor-webhooks/delivery-service.js';
import { DeliveryWakeUp } from '../../../libs/sync/src/vendor-webhooks/delivery-wake-up.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

const REQUEST = 'the-request-that-brought-it';

describe('deliveries that wait', () => {
  let database: TestDatabase;
  let inbox: VendorInboxRepository;

  beforeAll(async () => {
    database = await openTestDatabase();
    inbox = new VendorInboxRepository(database.db);
  });
  afterEach(() => database.db.query('DELETE FROM vendor_inbox'));
  afterAll(() => database.close());

  const query = <T extends object>(text: string, values: unknown[] = []): Promise<T[]> =>
    database.db.query(text, values);
  const accept = async (provider: string, count: number): Promise<number[]> => {
    const rows = await query<{ id: number }>(
      `INSERT INTO vendor_inbox (provider, digest, is_trusted, request_id)
       SELECT $1, convert_to($2 || n, 'UTF8'), true, $3 FROM generate_series(1, $4::int) AS n RETURNING id`,
      [provider, randomUUID(), REQUEST, count],
    );
    return rows.map(({ id }) => id);
  };

  it('are taken once, kept by whoever is still at it, and taken by others when nobody is', async () => {
    const [first, second, third] = await accept('whoop', 3);
    const [mine, others] = await Promise.all([inbox.takeDue(2), inbox.takeDue(2)]);
    const taken = [...mine, ...others].map(({ id }) => id).sort((one, two) => one - two);
    expect(taken).toEqual([first, second, third]);
    expect(await inbox.takeDue(5)).toEqual([]);
    await query(`UPDATE vendor_inbox SET due_at = now() - interval '1 second'`);
    await inbox.hold([second!]);
    const left = await inbox.takeDue(5);
    expect(left.map(({ id, attempts }) => [id, attempts])).toEqual([
      [first, 2],
      [third, 2],
    ]);
  });

  describe('for the service', () => {
    let service: DeliveryService;
    let listener: DatabaseListener;
    let work: (delivery: PendingDelivery) => Promise<void>;
    const done = ({ id }: PendingDelivery): Promise<void> => inbox.finish(id, 'done', {}, []);
    const areDone = async (provider: string, count: number): Promise<boolean> =>
      (await query(`SELECT FROM vendor_inbox WHERE provider = $1 AND state = 'done'`, [provider])).length === count;
    const eventually = async (isSo: () => Promise<boolean>): Promise<void> => {
      for (let waited = 0; !(await isSo()); waited += 10) {
        if (waited > 5000) throw new Error('It does not come to that');
        await pause(10);
      }
    };

    beforeEach(() => {
      listener = new DatabaseListener({ databaseUrl: database.url });
      const worker = { run: (delivery: PendingDelivery) => work(delivery) } as DeliveryWorker;
      service = new DeliveryService(inbox, worker, listener);
    });
    afterEach(async () => {
      await service.beforeApplicationShutdown();
      await listener.onModuleDestroy();
    });

    it('are taken as soon as they are told of, each once, with the request they came with', async () => {
      const requestIds = new Set<unknown>();
      work = (delivery) => {
        requestIds.add(currentContext().requestId);
        return done(delivery);
      };
      service.onApplicationBootstrap();
      await accept('whoop', 40);
      new DeliveryWakeUp(database.db).ask();
      await eventually(() => areDone('whoop', 40));
      expect([...requestIds]).toEqual([REQUEST]);
      expect(await query(`SELECT DISTINCT attempts FROM vendor_inbox`)).toEqual([{ attempts: 1 }]);
    });

    it('do not wait for those of a vendor that does not answer', async () => {
      let answer = (): void => undefined;
      const silence = new Promise<void>((resolve) => (answer = resolve));
      work = async (delivery) => {
        if (delivery.provider === 'whoop') await silence;
        await done(delivery);
      };
      await accept('whoop', 30);
      await accept('polar', 10);
      service.onApplicationBootstrap();
      await eventually(() => areDone('polar', 10));
      expect(await areDone('whoop', 0)).toBe(true);
      answer();
      await eventually(() => areDone('whoop', 30));
    });

    it('are finished before the process ends, and nothing more is taken then', async () => {
      let begin = (): void => undefined;
      const begun = new Promise<void>((resolve) => (begin = resolve));
      work = async (delivery) => {
        begin();
        await pause(50);
        await done(delivery);
      };
      await accept('whoop', 1);
      service.onApplicationBootstrap();
      await begun;
      const ended = service.beforeApplicationShutdown();
      await accept('polar', 1);
      await ended;
      expect(await areDone('whoop', 1)).toBe(true);
      expect(await query(`SELECT attempts FROM vendor_inbox WHERE provider = 'polar'`)).toEqual([{ attempts: 0 }]);
    });
  });
});
