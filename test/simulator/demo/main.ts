/** `npm run demo -- [--port 8000]`: the platform, pretend vendors, and a user connected to all of them. */
import { parseArgs } from 'node:util';
import { connect } from '../connect.js';
import { Simulator } from '../simulator.js';
import { curlLines } from './curl-lines.js';
import { DemoPlatform } from './demo-platform.js';
import { followRuns } from './follow-runs.js';

const { values } = parseArgs({ options: { port: { type: 'string', default: process.env['PORT'] ?? '8000' } } });

const simulator = await Simulator.start({ people: 3 });
const vendors = Object.keys(simulator.clouds);
let platform: DemoPlatform | null = null;
let stopping: Promise<void> | null = null;

function stop(code: number): Promise<void> {
  stopping ??= Promise.all([platform?.stop(), simulator.stop()]).then(() => process.exit(code));
  return stopping;
}

async function run(): Promise<void> {
  console.log(`Pretend clouds of ${vendors.join(', ')}: ${simulator.url}`);
  console.log('Starting the platform ...');
  platform = await DemoPlatform.launch(Number(values.port), simulator.settings());
  await platform.ready();
  const { url, apiKey } = platform;
  const user = await platform.request<{ id: string }>('POST', '/users', {
    first_name: 'Demo',
    external_user_id: 'demo',
  });
  console.log(`\nConnecting user ${user.id} and fetching the last 90 days:`);
  const stream = `${url}/api/v1/users/${user.id}/sync/stream`;
  const synced = followRuns(stream, apiKey, vendors.length, (line) => console.log(line));
  for (const vendor of vendors) await connect({ platform: url, userId: user.id, vendor, person: 1 });
  await synced;
  console.log(`\nThe platform is at ${url}, its documentation at ${url}/docs. Ctrl-C ends both.`);
  console.log('Have a look:\n');
  console.log(curlLines(url, apiKey, user.id, Date.now()));
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
await run().catch((error: unknown) => {
  console.error(error);
  return stop(1);
});
