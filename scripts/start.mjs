/** `npm start`: everything in one command. Builds first where sources changed. */
import { build } from './build.mjs';
import { loadEnvFile, stopWithNpm } from './environment.mjs';

loadEnvFile();
stopWithNpm();
await build();
await import('../dist/bundle/apps/platform/src/main.js');
