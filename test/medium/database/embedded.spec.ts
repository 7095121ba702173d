import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { EmbeddedDatabase } from '#libs/embedded-postgres';

const START_MS = 60_000;

async function query<T extends pg.QueryResultRow>(url: string, text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(text)).rows;
  } finally {
    await client.end();
  }
}

describe('EmbeddedDatabase', () => {
  let dataDir: string;
  let database: EmbeddedDatabase;
  const open = (): EmbeddedDatabase => new EmbeddedDatabase({ dataDir, onLog: () => undefined });
  const serverPid = (): number => Number(readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'platform-embedded-'));
    // The server may run under an account of its own.
    chmodSync(dataDir, 0o755);
    database = open();
    await database.start();
  }, START_MS);

  afterAll(async () => {
    await database.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('is a PostgreSQL 18 that does not lose what it committed, for this machine alone', async () => {
    const settings = [
      'server_version_num',
      'fsync',
      'synchronous_commit',
      'full_page_writes',
      'listen_addresses',
      'TimeZone',
    ];
    const shown = await Promise.all(
      settings.map((name) => query<Record<string, string>>(database.url, `SHOW ${name}`)),
    );
    const [version, ...rest] = shown.map(([row]) => Object.values(row!)[0]!);
    expect(Number(version)).toBeGreaterThanOrEqual(180000);
    expect(rest).toEqual(['on', 'on', 'on', '127.0.0.1', 'UTC']);
  });

  it('keeps its password to us', async () => {
    expect(statSync(join(dataDir, 'postgres-password')).mode & 0o777).toBe(0o600);
    const withoutPassword = database.url.replace(/:[^:@]+@/, ':wrong@');
    await expect(query(withoutPassword, 'SELECT 1')).rejects.toThrow('password authentication failed');
  });

  it(
    'takes over from a server that a killed platform left behind',
    async () => {
      await query(database.url, 'CREATE TABLE kept AS SELECT 7 AS value');
      const orphan = serverPid();
      const next = open();
      await next.start();
      expect(() => process.kill(orphan, 0)).toThrow('ESRCH');
      expect(await query(next.url, 'SELECT value FROM kept')).toEqual([{ value: 7 }]);
      database = next;
    },
    START_MS,
  );

  it(
    'comes back under the same address after its server was killed',
    async () => {
      const url = database.url;
      const ended = new Promise<void>((resolve) => database.onExit(resolve));
      process.kill(serverPid(), 'SIGKILL');
      await ended;
      expect(await database.start()).toBe(url);
      expect(await query(url, 'SELECT value FROM kept')).toEqual([{ value: 7 }]);
    },
    START_MS,
  );

  it(
    'is not misled by a pid file whose number belongs to another program now',
    async () => {
      await database.stop();
      const other = spawn('sleep', ['60'], { stdio: 'ignore' });
      const file = join(dataDir, 'postgres/postmaster.pid');
      writeFileSync(file, `${other.pid}\n${dataDir}/postgres\n0\n1\n\n127.0.0.1\n`);
      await database.start();
      expect(await query(database.url, 'SELECT value FROM kept')).toEqual([{ value: 7 }]);
      expect(other.exitCode).toBeNull();
      const gone = once(other, 'exit');
      other.kill();
      await gone;
    },
    START_MS,
  );

  it(
    'begins again when the very first start was cut off',
    async () => {
      const directory = join(dataDir, 'second');
      mkdirSync(join(directory, 'postgres.new'), { recursive: true });
      writeFileSync(join(directory, 'postgres.new/PG_VERSION'), '18');
      const second = new EmbeddedDatabase({ dataDir: directory, onLog: () => undefined });
      try {
        await second.start();
        expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      } finally {
        await second.stop();
      }
    },
    START_MS,
  );

  it('says so when the data is of another PostgreSQL, or the password is gone', async () => {
    const directory = join(dataDir, 'third');
    mkdirSync(join(directory, 'postgres'), { recursive: true });
    const third = new EmbeddedDatabase({ dataDir: directory, onLog: () => undefined });
    writeFileSync(join(directory, 'postgres/PG_VERSION'), '17\n');
    await expect(third.start()).rejects.toThrow(/was written by PostgreSQL 17, and this release brings PostgreSQL 18/);
    writeFileSync(join(directory, 'postgres/PG_VERSION'), '18\n');
    await expect(third.start()).rejects.toThrow(/postgres-password of the embedded PostgreSQL is missing/);
    rmSync(directory, { recursive: true });
  });
});
