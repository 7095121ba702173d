import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyRollups } from '#libs/ingest';
import { ImportSweep } from '#libs/imports';
import { archiveOf, type ArchiveForm } from './archives.js';
import { openImporting, type Importing } from './importing.js';

const fixture = (name: string): Buffer => readFileSync(`libs/providers/apple/src/xml/fixtures/${name}`);
const EXPORT = fixture('export.xml');
const records = (count: number): string =>
  Array.from({ length: count }, (_, n) => {
    const at = new Date(Date.UTC(2026, 0, 1) + n * 10_000).toISOString().replace('T', ' ').slice(0, 19);
    return `<Record type="HKQuantityTypeIdentifierHeartRate" sourceName="W" unit="count/min" startDate="${at} +0000" endDate="${at} +0000" value="${50 + (n % 90)}"/>`;
  }).join('\n');
const document = (content: string, end = '</HealthData>'): Buffer =>
  Buffer.from(`<HealthData locale="en">${content}${end}`);

let importing: Importing;
beforeAll(async () => {
  importing = await openImporting({ importElementsPerPart: 500 });
});
afterAll(() => importing.close());

const pointsOf = async (key: number): Promise<number> =>
  (await importing.database.db.query<{ n: number }>('SELECT count(*) AS n FROM point WHERE user_key = $1', [key]))[0]!
    .n;

describe('an export', () => {
  it('is stored once, whatever way and how often it comes', async () => {
    const user = await importing.given.user();
    const first = await importing.import(user.id, EXPORT);
    expect(first).toMatchObject({
      state: 'succeeded',
      progress: 1,
      result: {
        status: 'success',
        message: 'Import completed successfully',
        stats: { records_processed: 19, records_skipped: 4, workouts_processed: 1, workouts_skipped: 1 },
        ...{ read: 28, stored: 20, updated: 0, unchanged: 2, skipped: 6 },
      },
    });
    const zip = await archiveOf({
      'apple_health_export/export_cda.xml': '<ClinicalDocument/>',
      'apple_health_export/export.xml': EXPORT,
      'apple_health_export/workout-routes/route_2026-10-30_6.30pm.gpx': fixture('route.gpx'),
    });
    const packed = await importing.import(user.id, zip);
    // The archive adds the route.
    expect(packed.result).toMatchObject({ stored: 0, updated: 1, unchanged: 21 });
    const again = await importing.import(user.id, EXPORT);
    expect(again.result).toMatchObject({ stored: 0, updated: 0, unchanged: 22 });
    const [track] = await importing.database.db.query<{ route: unknown[] }>(
      'SELECT route FROM workout_track WHERE user_key = $1',
      [user.key],
    );
    expect(track!.route).toHaveLength(2);
    expect((await verifyRollups(importing.database.db)).differences).toEqual([]);
  });

  it('leaves a trace: run, connection, person, and no file', async () => {
    const user = await importing.given.user({ sex: 'other' });
    const { run_id: runId } = await importing.import(user.id, EXPORT);
    const { db } = importing.database;
    expect(runId).toMatch(/^xml_[0-9a-f]{16}$/);
    const events = await db.query(
      'SELECT stage, status, message, items_processed FROM sync_event WHERE run_id = $1 ORDER BY happened_at',
      [runId],
    );
    expect(events).toEqual([
      {
        stage: 'started',
        status: 'in_progress',
        message: 'Importing Apple Health XML file upload.xml',
        items_processed: null,
      },
      { stage: 'completed', status: 'success', message: 'Apple Health XML import completed', items_processed: 22 },
    ]);
    expect(
      await db.query(
        `SELECT c.status, c.last_synced_at IS NOT NULL AS synced, u.birth_date, u.sex
         FROM connection c JOIN users u ON u.id = c.user_id WHERE c.user_id = $1`,
        [user.id],
      ),
    ).toEqual([{ status: 'active', synced: true, birth_date: '1988-05-01', sex: 'other' }]);
    const { storage } = importing.config;
    const files = await readdir(storage.kind === 'local' ? storage.directory : '', {
      recursive: true,
      withFileTypes: true,
    });
    expect(files.filter((file) => file.isFile())).toEqual([]);
  });

  it('is imported by one runner; a second run does nothing', async () => {
    const user = await importing.given.user();
    const id = await importing.receive(user.id, EXPORT);
    await Promise.all([importing.runner.run(id), importing.runner.run(id)]);
    await importing.runner.run(id);
    expect((await importing.task(id)).result).toMatchObject({ stored: 20 });
  });
});

describe('a file that is not what it should be', () => {
  it('keeps what is whole when it is cut off', async () => {
    const user = await importing.given.user();
    const task = await importing.import(user.id, document(records(50), '<Record type="HKQuan'));
    expect(task).toMatchObject({ state: 'succeeded', result: { status: 'partial', stored: 50 } });
    const [run] = await importing.database.db.query('SELECT status, error FROM sync_run WHERE run_id = $1', [
      task.run_id,
    ]);
    expect(run).toEqual({ status: 'partial', error: 'The file ends before its end' });
  });

  it('keeps what comes before a fault', async () => {
    const user = await importing.given.user();
    const task = await importing.import(user.id, document(`${records(5)}<Record type=></Record>${records(9)}`));
    expect(task.result).toMatchObject({
      status: 'partial',
      stored: 5,
      message: expect.stringContaining('The file is broken') as unknown,
    });
  });

  it('keeps what comes before the damage of an archive', async () => {
    const user = await importing.given.user();
    const zip = await archiveOf({ 'export.xml': document(records(3000)) });
    zip.fill(0, Math.floor(zip.length * 0.6), Math.floor(zip.length * 0.6) + 40);
    const task = await importing.import(user.id, zip);
    expect(task.result).toMatchObject({ status: 'partial' });
    expect(task.result!['stored']).toBe(await pointsOf(user.key));
  });

  it.each<ArchiveForm>([{}, { isStreamed: true }, { isLarge: true }, { isStreamed: true, isLarge: true }])(
    'takes what there is of an archive: %j',
    async (form) => {
      const routes = { 'a/routes/route.gpx': 'PK\u0003\u0004'.repeat(50), 'a/export_cda.xml': '<ClinicalDocument/>' };
      const zip = await archiveOf({ ...routes, 'a/export.xml': document(records(3000)) }, form);
      const user = await importing.given.user();
      const torn = await importing.import(user.id, zip.subarray(0, -30));
      const told = expect.stringContaining('The archive is cut off') as unknown;
      expect(torn).toMatchObject({ state: 'succeeded', result: { status: 'partial', stored: 3000, message: told } });
      expect((await importing.import(user.id, zip)).result).toMatchObject({ status: 'success', unchanged: 3000 });
      const half = await importing.import(user.id, zip.subarray(0, Math.floor(zip.length * 0.6)));
      expect(half.result).toMatchObject({ status: 'partial', stored: 0 });
      expect(half.result!['unchanged']).toBeGreaterThan(1000);
    },
  );

  it.each<[string, () => Promise<Buffer> | Buffer, string]>([
    ['another document', () => Buffer.from('<html></html>'), 'Not an Apple Health export: its root is <html>'],
    ['an archive without an export', () => archiveOf({ 'photo.jpg': 'x' }), 'The archive holds no export.xml'],
    [
      'a bomb',
      () => archiveOf({ 'export.xml': document(' '.repeat(20 * 1024 * 1024)) }),
      'The archive unpacks to too much',
    ],
    [
      'a torn bomb',
      async () => {
        const files = { 'route.gpx': ' '.repeat(20 * 1024 * 1024), 'export.xml': EXPORT };
        return (await archiveOf(files, { isStreamed: true })).subarray(0, -30);
      },
      'The archive unpacks to too much',
    ],
    [
      'a torn archive that says that its export is empty',
      async () => {
        const zip = (await archiveOf({ 'export.xml': EXPORT })).subarray(0, -30);
        zip.writeUInt32LE(0, 18);
        return zip;
      },
      'The archive is damaged',
    ],
    [
      'a torn archive without an export',
      async () => (await archiveOf({ 'photo.jpg': 'x' })).subarray(0, -30),
      'The archive is damaged',
    ],
  ])('%s is refused', async (_name, content, error) => {
    const user = await importing.given.user();
    const task = await importing.import(user.id, await content());
    expect(task).toMatchObject({ state: 'failed', error: expect.stringContaining(error) as unknown });
    const [run] = await importing.database.db.query('SELECT stage, status FROM sync_run WHERE run_id = $1', [
      task.run_id,
    ]);
    expect(run).toEqual({ stage: 'failed', status: 'failed' });
  });

  it('says the truth about sizes, or is refused', async () => {
    const user = await importing.given.user();
    const zip = await archiveOf({ 'export.xml': document(records(2000)) });
    // The archive claims that its export unpacks to 100 bytes.
    for (let at = zip.indexOf('PK\u0001\u0002'); at >= 0; at = zip.indexOf('PK\u0001\u0002', at + 1))
      zip.writeUInt32LE(100, at + 24);
    const task = await importing.import(user.id, zip);
    expect(task.state === 'failed' || task.result!['status'] === 'partial').toBe(true);
  });

  it.each<[Buffer, number]>([
    [Buffer.from('%PDF-1.7'), 400],
    [Buffer.alloc(0), 400],
  ])('is refused at the desk: %#', async (content, status) => {
    const user = await importing.given.user();
    await expect(importing.receive(user.id, content)).rejects.toMatchObject({ status });
    expect(await importing.database.db.query('SELECT FROM file_import WHERE user_id = $1', [user.id])).toEqual([]);
  });
});

describe('an import', () => {
  it('goes on where it stopped and ends with the same totals', async () => {
    const user = await importing.given.user();
    const { db } = importing.database;
    const content = document(records(2_250));
    const id = await importing.receive(user.id, content);
    // A database that ends in the last part: the others are stored.
    await db.query(`CREATE FUNCTION stop_last() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF (NEW.progress->>'elements')::int > 2200 THEN RAISE EXCEPTION 'stop' USING ERRCODE = '57P01'; END IF; RETURN NEW; END $$`);
    await db.query('CREATE TRIGGER stop_last BEFORE UPDATE ON file_import FOR EACH ROW EXECUTE FUNCTION stop_last()');
    await expect(importing.runner.run(id)).rejects.toMatchObject({ name: 'RetryLater' });
    const stopped = await importing.task(id);
    expect(stopped.state).toBe('running');
    expect(stopped.progress).toBeGreaterThan(0.5);
    expect(await pointsOf(user.key)).toBeGreaterThanOrEqual(1_000);
    await db.query('DROP FUNCTION stop_last CASCADE');
    await importing.runner.run(id);
    expect((await importing.task(id)).result).toMatchObject({ read: 2_250, stored: 2_250, unchanged: 0 });
    expect(await pointsOf(user.key)).toBe(2_250);
  });

  it('is stopped before it begins and while it runs', async () => {
    const user = await importing.given.user();
    const { db } = importing.database;
    const cancel = (id: string): Promise<unknown> =>
      db.query('UPDATE file_import SET is_cancelled = true WHERE id = $1', [id]);
    const early = await importing.receive(user.id, EXPORT);
    await cancel(early);
    await importing.runner.run(early);
    expect(await importing.task(early)).toMatchObject({ state: 'cancelled', result: { stored: 0 } });

    const late = await importing.receive(user.id, document(records(2_250)));
    const running = importing.runner.run(late);
    await cancel(late);
    await running;
    const task = await importing.task(late);
    expect(task.state).toBe('cancelled');
    expect(task.result!['stored']).toBe(await pointsOf(user.key));
    const [run] = await db.query('SELECT stage, status FROM sync_run WHERE run_id = $1', [task.run_id]);
    expect(run).toEqual({ stage: 'cancelled', status: 'cancelled' });
  });

  it('ends without a word when its user is gone, and stores nothing', async () => {
    const user = await importing.given.user();
    const { db } = importing.database;
    const id = await importing.receive(user.id, EXPORT);
    await db.query('DELETE FROM users WHERE id = $1', [user.id]);
    await importing.runner.run(id);
    expect(await pointsOf(user.key)).toBe(0);
    expect(await db.query('SELECT state FROM file_import WHERE id = $1', [id])).toEqual([{ state: 'pending' }]);
  });

  it('whose job was lost is woken by the sweep', async () => {
    const user = await importing.given.user();
    const { db } = importing.database;
    const id = await importing.receive(user.id, EXPORT);
    const sweep = importing.app.get(ImportSweep);
    expect((await sweep.run(0)).woken).toBe(0);
    await db.query(`UPDATE file_import SET updated_at = now() - interval '1 minute' WHERE id = $1`, [id]);
    expect((await sweep.run(0)).woken).toBe(1);
    expect((await sweep.run(0)).woken).toBe(1);
    await importing.runner.run(id);
    expect((await sweep.run(0)).woken).toBe(0);
  });
});
