/** `npm run simulator -- [flags]`: pretend clouds of vendors, for trying things out and for tests. */
import { buildFolder } from './build.mjs';

await buildFolder('test/simulator');
process.setSourceMapsEnabled(true);
await import('../dist/test/simulator/main.js');
