/** `npm start`: everything in one command. Builds first where sources changed. */
import { build } from './build.mjs';
import { loadEnvFile, stopWithNpm } from './environment.mjs';

loadEnvFile();
stopWithNpm();
await build();
process.setSourceMapsEnabled(true);
await import('../dist/apps/platform/src/main.js');
