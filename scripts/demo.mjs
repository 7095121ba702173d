/** `npm run demo`: the platform and pretend clouds of vendors, with a user who is connected to all of them. */
import { buildFolder } from './build.mjs';
import { stopWithNpm } from './environment.mjs';

stopWithNpm();
await buildFolder('test/simulator');
process.setSourceMapsEnabled(true);
await import('../dist/test/simulator/demo/main.js');
