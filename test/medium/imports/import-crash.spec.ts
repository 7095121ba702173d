import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { verifyRollups } from '#libs/ingest';
import { buildProcesses } from '../../e2e/crash/processes.js';
import { openImporting, type Importing } from './importing.js';

const RECORDS = 20_000;
const KILLS = 3;
/** Pieces in which a file is read are about as large, so there is a part to each. */
const PER_PART = 500;

let importing: Importing;
beforeAll(async () => {
  await buildProcesses();
  importing = await openImporting({ importElementsPerPart: PER_PART });
});
afterAll(() => importing.close());

/** A process that is ready to import what it is told, as a worker does. */
async function startImporter(): Promise<ChildProcess> {
  const { config, database } = importing;
  const env = { ENVIRONMENT: 'test', LOG_LEVEL: 'silent', DATABASE_URL: database.url, DATA_DIR: config.dataDir };
  const child = fork(join(import.meta.dirname, 'run-import.mjs'), [], {
    execArgv: [],
    env: { PATH: process.env['PATH'], IMPORT_ELEMENTS_PER_PART: String(PER_PART), ...env },
  });
  await Promise.race([once(child, 'message'), once(child, 'exit')]);
  return child;
}

it('ends with the same totals, wherever its worker is killed', async () => {
  const user = await importing.given.user();
  const { db } = importing.database;
  const records = Array.from({ length: RECORDS }, (_, n) => {
    const at = new Date(Date.UTC(2026, 0, 1) + n * 10_000).toISOString().replace('T', ' ').slice(0, 19);
    return `<Record type="HKQuantityTypeIdentifierHeartRate" sourceName="W" unit="count/min" startDate="${at} +0000" endDate="${at} +0000" value="${50 + (n % 90)}"/>`;
  });
  const id = await importing.receive(user.id, Buffer.from(`<HealthData>${records.join('\n')}</HealthData>`));
  const elements = async (): Promise<number> =>
    (
      await db.query<{ n: number }>(
        `SELECT CASE state WHEN 'pending' THEN coalesce((progress->>'elements')::int, 0) ELSE $2::int END AS n
         FROM file_import WHERE id = $1`,
        [id, RECORDS],
      )
    )[0]!.n;

  const importers = await Promise.all(Array.from({ length: KILLS }, startImporter));
  const reached: number[] = [0];
  for (const importer of importers) {
    importer.send(id);
    // Somewhere in the parts after the first that is new: before, within or behind a commit.
    while ((await elements()) <= Math.min(reached.at(-1)!, RECORDS - 1)) await pause(5);
    await pause(Math.random() * 100);
    const gone = once(importer, 'exit');
    importer.kill('SIGKILL');
    await gone;
    reached.push(await elements());
  }
  expect(reached[1]).toBeLessThan(RECORDS);
  // The lock falls with the connection, which the server notices a moment later.
  while (!['succeeded', 'failed'].includes((await importing.task(id)).state)) await importing.runner.run(id);
  expect((await importing.task(id)).result).toMatchObject({ read: RECORDS, stored: RECORDS, updated: 0, unchanged: 0 });
  expect(await db.query('SELECT count(*) AS points FROM point WHERE user_key = $1', [user.key])).toEqual([
    { points: RECORDS },
  ]);
  expect((await verifyRollups(db)).differences).toEqual([]);
});
