import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { verifyRollups } from '#libs/ingest';
import { openImporting, type Importing } from '../../medium/imports/importing.js';
import { buildProcesses } from './processes.js';

jest.setTimeout(120_000);

const RECORDS = 60_000;
const KILLS = 3;

let importing: Importing;
beforeAll(async () => {
  await buildProcesses();
  importing = await openImporting();
});
afterAll(() => importing.close());

/** Runs the import in a process; it is killed after so many milliseconds. @returns whether it lived to the end */
async function runFor(importId: string, milliseconds: number): Promise<boolean> {
  const { config, database } = importing;
  const env = { PATH: process.env['PATH'], ENVIRONMENT: 'test', LOG_LEVEL: 'silent', DATABASE_URL: database.url };
  const child = fork(join(import.meta.dirname, 'run-import.mjs'), [importId], {
    execArgv: [],
    env: { ...env, DATA_DIR: config.dataDir },
  });
  const gone = once(child, 'exit');
  await Promise.race([once(child, 'message'), gone]);
  if ((await Promise.race([gone, pause(milliseconds, null)])) !== null) return true;
  child.kill('SIGKILL');
  await gone;
  return false;
}

it('ends with the same totals, wherever its worker is killed', async () => {
  const user = await importing.given.user();
  const records = Array.from({ length: RECORDS }, (_, n) => {
    const at = new Date(Date.UTC(2026, 0, 1) + n * 10_000).toISOString().replace('T', ' ').slice(0, 19);
    return `<Record type="HKQuantityTypeIdentifierHeartRate" sourceName="W" unit="count/min" startDate="${at} +0000" endDate="${at} +0000" value="${50 + (n % 90)}"/>`;
  });
  const id = await importing.receive(user.id, Buffer.from(`<HealthData>${records.join('\n')}</HealthData>`));
  const { db } = importing.database;
  for (let kills = 0; kills < KILLS; kills++) if (await runFor(id, 150 + Math.random() * 900)) break;
  // The lock falls with the connection, which the server notices a moment later.
  while (!['succeeded', 'failed'].includes((await importing.task(id)).state)) await importing.runner.run(id);
  expect((await importing.task(id)).result).toMatchObject({ read: RECORDS, stored: RECORDS, updated: 0, unchanged: 0 });
  const [{ points }] = (await db.query<{ points: number }>('SELECT count(*) AS points FROM point WHERE user_key = $1', [
    user.key,
  ])) as [{ points: number }];
  expect(points).toBe(RECORDS);
  expect((await verifyRollups(db)).differences).toEqual([]);
});
