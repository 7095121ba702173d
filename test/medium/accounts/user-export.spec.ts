import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import yauzl from 'yauzl';
import { UserExport, USER_TABLES } from '#libs/accounts';
import type { Database } from '#libs/database';
import { LocalStorage } from '#libs/storage';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given, type GivenUser } from '../../support/given.js';

const NOW = new Date('2031-05-02T06:00:00Z');
const MIB = 1024 * 1024;

/** Names and contents of an archive. */
async function unzip(archive: Buffer): Promise<Record<string, string>> {
  const zip = await new Promise<yauzl.ZipFile>((resolve, reject) =>
    yauzl.fromBuffer(archive, { lazyEntries: true }, (error, file) => (file ? resolve(file) : reject(error))),
  );
  const files: Record<string, string> = {};
  await new Promise<void>((resolve, reject) => {
    zip.on('entry', (entry: yauzl.Entry) => {
      zip.openReadStream(entry, (error, stream) => {
        if (!stream) return reject(error);
        text(stream)
          .then((content) => {
            files[entry.fileName] = content;
            zip.readEntry();
          })
          .catch(reject);
      });
    });
    zip.on('end', resolve);
    zip.readEntry();
  });
  return files;
}

const linesOf = (file: string | undefined): Record<string, unknown>[] =>
  (file ?? '')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What is in use, without what is only not collected yet: how much of that there is depends on what ran before. */
function heldBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

describe('the export of a user', () => {
  let test: TestDatabase;
  let storage: LocalStorage;
  let user: GivenUser;

  beforeAll(async () => {
    test = await openTestDatabase();
    storage = new LocalStorage(await mkdtemp(join(process.env['TEST_SCRATCH_DIR']!, 'export-')));
    user = await given(test.db).user({ firstName: 'Ann', email: 'ann@example.com' });
    await test.db.query(`CREATE TABLE point_everything PARTITION OF point DEFAULT`);
    await points(user, 200_000);
    await test.db.query('ANALYZE point_everything');
  });
  afterAll(() => test.close());

  async function points(owner: GivenUser, count: number): Promise<void> {
    const source = randomUUID();
    await test.db.query(`INSERT INTO data_source (id, user_key, provider) VALUES ($1, $2, 'oura')`, [
      source,
      owner.key,
    ]);
    await test.db.query(
      `WITH s AS (INSERT INTO stream (user_key, source_id, series_type, is_daily_total) VALUES ($1, $2, 1, false)
         RETURNING id)
       INSERT INTO point (user_key, stream_id, recorded_at, value)
       SELECT $1, s.id, timestamptz '2031-05-02 00:00Z' + n * interval '1 second', n FROM s, generate_series(1, $3) n`,
      [owner.key, source, count],
    );
  }

  const exportOf = (owner: GivenUser, db: Database = test.db): Promise<Readable> =>
    new UserExport(db, storage).open(owner.id, NOW);

  it('says of a sample what it takes to read it', async () => {
    const owner = await given(test.db).user({ firstName: 'Bob' });
    await points(owner, 2);
    const files = await unzip(await buffer(await exportOf(owner)));
    const samples = linesOf(files['points.ndjson']);
    expect(samples).toHaveLength(2);
    expect(samples[0]).toMatchObject({ recorded_at: '2031-05-02T00:00:01+00:00', value: 1 });
    expect(samples[0]).not.toHaveProperty('user_key');
    const [stream] = linesOf(files['streams.ndjson']);
    const series = { series_type: expect.any(String), unit: expect.any(String) };
    expect(stream).toMatchObject({ id: samples[0]!['stream_id'], ...series });
    expect(JSON.parse(files['profile.json']!)).toMatchObject({ id: owner.id, first_name: 'Bob' });
    expect(files['README.txt']).toContain('points.ndjson');
  });

  it('holds each of 200,000 samples, made page by page as it is read, in little memory', async () => {
    let statements = 0;
    const counted = {
      query: (sql: string, values: unknown[]) => {
        statements++;
        return test.db.query(sql, values);
      },
    } as unknown as Database;
    const zip = await exportOf(user, counted);
    await new Promise((resolve) => zip.once('readable', resolve));
    // Whatever runs ahead of the reader has had its chance after these turns.
    for (let turns = 0; turns < 500; turns++) await turn();
    const beforeReading = statements;
    const before = heldBytes();
    let peak = 0;
    let chunks = 0;
    async function* measured(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const chunk of source) {
        if (chunks++ % 16 === 0) peak = Math.max(peak, heldBytes() - before);
        yield chunk;
      }
    }
    const file = join(process.env['TEST_SCRATCH_DIR']!, `${user.id}.zip`);
    await pipeline(zip, measured, createWriteStream(file));
    expect(statements).toBeGreaterThan(80);
    expect(beforeReading).toBeLessThan(statements / 2);
    // The points alone are some 20 MiB of text and, as rows, several times that.
    expect(peak).toBeLessThan(30 * MIB);
    expect(chunks).toBeGreaterThan(32);
    const samples = (await unzip(await readFile(file)))['points.ndjson']!.split('\n').filter(Boolean);
    expect(new Set(samples).size).toBe(200_000);
  });

  it('stops reading when its reader leaves', async () => {
    let statements = 0;
    const counted = {
      query: (sql: string, values: unknown[]) => {
        statements++;
        return test.db.query(sql, values);
      },
    } as unknown as Database;
    const zip = await exportOf(user, counted);
    await new Promise((resolve) => zip.once('readable', resolve));
    zip.destroy();
    for (let turns = 0; turns < 500; turns++) await turn();
    const left = statements;
    for (let turns = 0; turns < 500; turns++) await turn();
    expect(statements).toBeLessThanOrEqual(left + 1);
    expect(left).toBeLessThan(60);
  });

  it('breaks off when the database fails, instead of looking complete', async () => {
    const failing = {
      query: (sql: string, values: unknown[]) =>
        sql.includes('FROM point') ? Promise.reject(new Error('away')) : test.db.query(sql, values),
    } as unknown as Database;
    await expect(exportOf(user, failing).then(buffer)).rejects.toThrow('away');
  });

  it('holds a line for every row of every table, uploads and files as they came, no secrets, and nobody else', async () => {
    const owner = await given(test.db).user();
    const other = await given(test.db).user();
    for (const one of [owner, other]) {
      await points(one, 3);
      const { id } = await given(test.db).connection(one, 'oura', { providerUserId: `account of ${one.id}` });
      await test.db.query(`UPDATE connection SET access_token_encrypted = 'v1.sealed' WHERE id = $1`, [id]);
      await test.db.query(
        `INSERT INTO inbox (batch_id, kind, user_id, provider, encoding, body, digest)
         VALUES ($1, 'sdk', $2, 'apple', 'identity', $3, '')`,
        [one.id, one.id, Buffer.from(`body of ${one.id} `.repeat(60_000))],
      );
      const { key } = await storage.put('imports', Readable.from([`file of ${one.id}`]));
      await test.db.query(
        `INSERT INTO file_import (id, user_id, run_id, state, file_name, object_key, max_bytes)
         VALUES ($1::uuid, $2, $1::text, 'done', 'export.xml', $3, 1)`,
        [randomUUID(), one.id, key],
      );
      for (let deleted = 0; deleted < 3; deleted++) {
        await test.db.query(
          `INSERT INTO event_tombstone (user_key, source_id, category, started_at, ended_at)
           SELECT $1, id, 'sleep', now(), now() FROM data_source WHERE user_key = $1`,
          [one.key],
        );
      }
    }
    const files = await unzip(await buffer(await exportOf(owner)));
    const all = Object.values(files).join('\n');
    expect(all).not.toContain(other.id);
    expect(all).not.toContain('v1.sealed');
    expect(all).not.toMatch(/_encrypted|_hash|"body"/);
    expect(files[`uploads/${owner.id}`]).toBe(`body of ${owner.id} `.repeat(60_000));
    expect(Object.entries(files).filter(([name]) => name.startsWith('file-imports/imports/'))).toEqual([
      [expect.any(String), `file of ${owner.id}`],
    ]);
    expect(linesOf(files['deleted-events.ndjson'])).toHaveLength(3);
    for (const name of ['connections', 'data-sources', 'streams', 'uploads', 'file-imports']) {
      expect(linesOf(files[`${name}.ndjson`])).toHaveLength(1);
    }
    const expected = USER_TABLES.flatMap(({ exportAs }) => (exportAs === undefined ? [] : [`${exportAs}.ndjson`]));
    expect(Object.keys(files)).toEqual(expect.arrayContaining(expected));
  });

  it('is refused for a user who is not there', async () => {
    await expect(exportOf({ id: randomUUID(), key: 0 })).rejects.toMatchObject({ status: 404 });
  });
});
