import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AccessCounter, Audit, AuditReader, type NewAuditEntry } from '#libs/audit';
import type { Database } from '#libs/database';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

const NOW = new Date('2031-05-02T23:59:59Z');
const entry = (change: Partial<NewAuditEntry> = {}): NewAuditEntry => ({
  actorKind: 'api-key',
  actorId: 'key-1',
  action: 'delete_user',
  outcome: 'success',
  ...change,
});

describe('the audit trail', () => {
  let test: TestDatabase;
  let reader: AuditReader;

  beforeAll(async () => {
    test = await openTestDatabase();
    reader = new AuditReader(test.db);
  });
  afterAll(() => test.close());

  it.each([
    ['UPDATE', `UPDATE audit_entry SET action = 'nothing'`],
    ['UPDATE', `UPDATE audit_entry SET action = 'nothing' WHERE false`],
    ['DELETE', 'DELETE FROM audit_entry'],
    ['TRUNCATE', 'TRUNCATE audit_entry'],
    ['DELETE', `SET session_replication_role = replica; DELETE FROM audit_entry`],
    ['DELETE', `WITH gone AS (DELETE FROM audit_entry RETURNING 1) SELECT count(*) FROM gone`],
  ])('refuses %s: %s', async (operation, sql) => {
    await new Audit(test.db).record(entry());
    const before = await test.db.query('SELECT * FROM audit_entry');
    const client = await test.db.pool.connect();
    try {
      await expect(client.query(sql)).rejects.toMatchObject({
        code: '42501',
        message: `audit_entry is append-only: ${operation} is refused`,
      });
    } finally {
      client.release(true);
    }
    expect(await test.db.query('SELECT * FROM audit_entry')).toEqual(before);
  });

  it('writes entries that come together in few statements, and each is stored when it says so', async () => {
    let statements = 0;
    const db = {
      query: (text: string, values: unknown[]) => {
        statements++;
        return test.db.query(text, values);
      },
    } as unknown as Database;
    const audit = new Audit(db);
    await Promise.all(Array.from({ length: 200 }, (_, index) => audit.record(entry({ objectId: `many-${index}` }))));
    expect(statements).toBeLessThanOrEqual(2);
    const [row] = await test.db.query(`SELECT count(*) FROM audit_entry WHERE object_id LIKE 'many-%'`);
    expect(row).toEqual({ count: 200 });
  });

  it('takes whatever stands in a path, and no secret', async () => {
    const action = randomUUID();
    const secret = `sk-${'0123456789abcdef'.repeat(2)}`;
    await new Audit(test.db).record(
      entry({
        action,
        objectId: `${secret}\0 ${'x'.repeat(500)}`,
        userId: 'nobody',
        address: 'nowhere',
        requestId: null,
      }),
    );
    const { entries } = await reader.page({ action, limit: 5 });
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ user_id: null, address: null, request_id: null });
    expect(entries[0]!.object_id).toMatch(/^sk-\[redacted\] x+$/);
    expect(JSON.stringify(entries)).not.toContain(secret);
  });

  it('does not fail its caller when it cannot be written', async () => {
    const broken = { query: () => Promise.reject(new Error('away')) } as unknown as Database;
    await expect(new Audit(broken).record(entry())).resolves.toBeUndefined();
  });

  it('is paged and filtered', async () => {
    const audit = new Audit(test.db);
    const actorId = randomUUID();
    const userId = randomUUID();
    for (let index = 0; index < 5; index++) {
      await audit.record(
        entry({ actorId, action: `step_${index}`, ...(index % 2 ? { userId, outcome: 'refused' } : {}) }),
      );
    }
    const actions = async (query: object): Promise<string[]> =>
      (await reader.page({ actorId, limit: 10, ...query })).entries.map(({ action }) => action);
    expect(await actions({})).toEqual(['step_4', 'step_3', 'step_2', 'step_1', 'step_0']);
    expect(await actions({ userId })).toEqual(['step_3', 'step_1']);
    expect(await actions({ outcome: 'success', actorKind: 'api-key' })).toEqual(['step_4', 'step_2', 'step_0']);
    expect(await actions({ actorKind: 'developer' })).toEqual([]);
    expect(await actions({ endTime: '2020-01-01T00:00:00Z' })).toEqual([]);
    const first = await reader.page({ actorId, limit: 3 });
    const second = await reader.page({ actorId, limit: 3, cursor: first.nextCursor! });
    expect(second.entries.map(({ action }) => action)).toEqual(['step_1', 'step_0']);
    expect(second.nextCursor).toBeNull();
    await expect(reader.page({ limit: 3, cursor: 'nonsense' })).rejects.toMatchObject({ status: 400 });
  });

  describe('counts of data access', () => {
    const [one, two] = [randomUUID(), randomUUID()];
    beforeEach(() => test.db.query('DELETE FROM data_access_day').then(() => undefined));

    it('are added up per caller, user and day, by several processes', async () => {
      const counters = [new AccessCounter(test.db), new AccessCounter(test.db)];
      for (const counter of counters) {
        for (let read = 0; read < 500; read++) {
          counter.count({ actorKind: 'api-key', actorId: 'k', userId: one, kind: 'read' }, NOW);
        }
        counter.count({ actorKind: 'api-key', actorId: 'k', userId: two, kind: 'write' }, NOW);
        counter.count({ actorKind: 'api-key', actorId: 'k', userId: one, kind: 'read' }, new Date(+NOW + 1000));
      }
      await Promise.all(counters.map((counter) => counter.onApplicationShutdown()));
      expect(await reader.accessDays({ limit: 10, userId: one })).toEqual([
        { day: '2031-05-03', actor_kind: 'api-key', actor_id: 'k', user_id: one, reads: 2, writes: 0 },
        { day: '2031-05-02', actor_kind: 'api-key', actor_id: 'k', user_id: one, reads: 1000, writes: 0 },
      ]);
      expect(await reader.accessDays({ limit: 10, userId: two })).toMatchObject([{ reads: 0, writes: 2 }]);
    });

    it('keep what could not be added until it can', async () => {
      let isAway = true;
      const flaky = {
        query: (text: string, values: unknown[]) =>
          isAway ? Promise.reject(new Error('away')) : test.db.query(text, values),
      } as unknown as Database;
      const counter = new AccessCounter(flaky);
      const read = { actorKind: 'api-key', actorId: 'k', userId: one, kind: 'read' } as const;
      counter.count(read, NOW);
      const failing = counter.flush();
      counter.count(read, NOW);
      await failing;
      isAway = false;
      await counter.onApplicationShutdown();
      expect(await reader.accessDays({ limit: 10 })).toMatchObject([{ reads: 2 }]);
    });
  });
});
