import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectionOptions, Database, databaseHealth, migrate, MIGRATIONS } from '#libs/database';
import { DataSource } from 'typeorm';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

describe('migrate', () => {
  let test: TestDatabase;

  beforeAll(async () => {
    test = await openTestDatabase();
  });

  afterAll(() => test.close());

  async function emptyTheDatabase(): Promise<void> {
    await test.db.query('DROP SCHEMA public CASCADE');
    await test.db.query('CREATE SCHEMA public');
  }

  it('does nothing to a database that is up to date', async () => {
    expect(await databaseHealth(test.db)).toEqual({ reachable: true, migrated: true });
    expect(await migrate(test.url)).toEqual([]);
  });

  it('lets callers that start together take turns', async () => {
    await emptyTheDatabase();
    expect(await databaseHealth(test.db)).toEqual({ reachable: true, migrated: false });
    const executed = await Promise.all([migrate(test.url), migrate(test.url), migrate(test.url)]);
    expect(executed.flat()).toEqual(MIGRATIONS.map(({ name }) => name));
    expect(await databaseHealth(test.db)).toEqual({ reachable: true, migrated: true });
  });

  it('can be taken back', async () => {
    const settings = { url: test.url, poolSize: 1, applicationName: 'test', statementSeconds: 30 };
    const dataSource = await new DataSource(connectionOptions(settings)).initialize();
    try {
      for (let left = MIGRATIONS.length; left > 0; left--) await dataSource.undoLastMigration({ transaction: 'each' });
      const tables = await new Database(dataSource).query(
        `SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migrations'`,
      );
      expect(tables).toEqual([]);
    } finally {
      await dataSource.destroy();
    }
  });

  it('explains in one sentence why a database cannot be reached', async () => {
    const url = new URL(test.url);
    url.pathname = '/nowhere';
    await expect(migrate(url.href)).rejects.toThrow(
      /^The database .*\/nowhere is not reachable: there is no such database\.$/,
    );
    url.port = '1';
    await expect(migrate(url.href)).rejects.toThrow(
      /:1\/nowhere is not reachable: nothing accepts connections there\.$/,
    );
  });

  it('finds a database that is gone not healthy', async () => {
    const other = await openTestDatabase();
    await other.close();
    expect(await databaseHealth(other.db)).toEqual({ reachable: false, migrated: false });
  });
});

describe('Database', () => {
  it('survives that the server ends a connection in use, and forgets that connection', async () => {
    const test = await openTestDatabase();
    try {
      const work = test.db.tryExclusive(1, 'x', async (session) => {
        const [row] = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        await test.db.query('SELECT pg_terminate_backend($1)', [row!.pid]);
        return session.query('SELECT 1');
      });
      await expect(work).rejects.toThrow();
      expect(await test.db.tryExclusive(1, 'x', () => Promise.resolve('free'))).toBe('free');
    } finally {
      await test.close();
    }
  });
});
