/**
 * Users connected to all simulated vendors while everything goes wrong: faults, deliveries twice and out of order,
 * workers killed. Fails unless the platform holds in the end what happened, once.
 * `npm run bench -- chaos [--connections 200] [--seconds 60] [--kills 6] [--patience 180]`
 */
import { parseArgs } from 'node:util';
import { bootstrapIdentity } from '#libs/identity';
import { chaos } from '../simulator/chaos/chaos.js';
import { ACCESS, PlatformClient } from '../simulator/chaos/platform-client.js';
import { Simulator } from '../simulator/simulator.js';
import { startPlatform } from './bench-platform.js';

const { values } = parseArgs({
  options: {
    connections: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '60' },
    kills: { type: 'string', default: '6' },
    patience: { type: 'string', default: '180' },
  },
});
const plan = {
  connections: Number(values.connections),
  seconds: Number(values.seconds),
  kills: Number(values.kills),
  patienceSeconds: Number(values.patience),
};

const simulator = await Simulator.start({ people: plan.connections, beatMinutes: 60 });
const platform = await startPlatform({
  settings: {
    ...simulator.settings({ isUnlimited: true }),
    ...{
      LOG_LEVEL: 'silent',
      SECRET_KEY: 'a secret of the benchmark that nobody else knows',
    },
  },
});
try {
  await bootstrapIdentity(platform.db, ACCESS);
  const client = new PlatformClient(platform.url);
  const startedMs = performance.now();
  const report = await chaos({ simulator, platform: client, restartWorker: () => platform.restartWorker() }, plan);
  const { faults, differences, incomplete, ...counts } = report;
  console.table({
    ...{ ...plan, ...counts, ...faults, differences: differences.length },
    seconds: Math.round((performance.now() - startedMs) / 1000),
  });
  if (incomplete.length > 0) await tellOpenWork();
  for (const difference of incomplete.slice(0, 40)) console.error('by itself:', difference);
  for (const difference of differences.slice(0, 20)) console.error(difference);
  if (differences.length > 0) process.exitCode = 1;
} finally {
  await platform.close();
  await simulator.stop();
}

/** What the platform still has to do, or gave up. */
async function tellOpenWork(): Promise<void> {
  const open = `state, attempts, round(extract(epoch FROM due_at - now())) AS due_in_seconds`;
  console.table(
    await platform.db.query(`SELECT provider, kind, ${open}, windows_done FROM pull_run r
      JOIN connection c ON c.id = r.connection_id WHERE state <> 'done'`),
  );
  console.table(await platform.db.query(`SELECT provider, ${open} FROM vendor_inbox WHERE state <> 'done'`));
  console.table(
    await platform.db.query(
      `SELECT provider, source, status, count(*) AS runs FROM sync_run GROUP BY 1, 2, 3 ORDER BY 1`,
    ),
  );
}
