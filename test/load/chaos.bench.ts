/**
 * Users connected to all simulated vendors while everything goes wrong: faults, deliveries twice and out of order,
 * workers killed. Fails unless the platform holds in the end what happened, once.
 * `npm run bench -- chaos [--connections 200] [--seconds 60] [--kills 6]`
 */
import { parseArgs } from 'node:util';
import { chaos } from '../simulator/chaos/chaos.js';
import { PlatformClient } from '../simulator/chaos/platform-client.js';
import { Simulator } from '../simulator/simulator.js';
import { startPlatform } from './bench-platform.js';

const { values } = parseArgs({
  options: {
    connections: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '60' },
    kills: { type: 'string', default: '6' },
  },
});
const plan = {
  connections: Number(values.connections),
  seconds: Number(values.seconds),
  kills: Number(values.kills),
};

const simulator = await Simulator.start({ people: plan.connections, beatMinutes: 60 });
const platform = await startPlatform({
  settings: {
    ...simulator.settings({ isUnlimited: true }),
    ...{ LOG_LEVEL: 'silent', SECRET_KEY: 'a secret of the benchmark that nobody else knows' },
  },
});
try {
  const client = new PlatformClient(platform.url, platform.apiKey);
  const startedMs = performance.now();
  const report = await chaos({ simulator, platform: client, restartWorker: () => platform.restartWorker() }, plan);
  const { faults, differences, ...counts } = report;
  console.table({
    ...{ ...plan, ...counts, ...faults, differences: differences.length },
    seconds: Math.round((performance.now() - startedMs) / 1000),
  });
  for (const difference of differences.slice(0, 20)) console.error(difference);
  if (differences.length > 0) process.exitCode = 1;
} finally {
  await platform.close();
  await simulator.stop();
}
