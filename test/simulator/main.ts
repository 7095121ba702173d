/** `npm run simulator -- [--port 9400] [--seed demo] [--people 3] [--now 2026-03-09T12:00:00Z] [--beat-minutes 5]` */
import { parseArgs } from 'node:util';
import { Simulator } from './simulator.js';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '9400' },
    seed: { type: 'string', default: 'demo' },
    people: { type: 'string', default: '3' },
    now: { type: 'string' },
    'beat-minutes': { type: 'string', default: '5' },
  },
});
const simulator = await Simulator.start({
  port: Number(values.port),
  seed: values.seed,
  people: Number(values.people),
  beatMinutes: Number(values['beat-minutes']),
  ...(values.now === undefined ? {} : { nowMs: Date.parse(values.now) }),
});

console.log(`Pretend clouds of ${Object.keys(simulator.clouds).join(', ')} at ${simulator.url}.\n`);
console.log('Start the platform with these to use them:\n');
for (const [name, value] of Object.entries(simulator.settings())) console.log(`${name}=${value}`);
console.log(
  `\nControl, for example faults: curl -X PUT ${simulator.url}/control/whoop/faults -d '{"faults":[{"kind":"429","times":3}]}'`,
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.stop());
