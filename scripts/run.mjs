/** `npm run start:api | start:worker | migrate | providers:secrets | rollups:verify | secrets:rotate`: one part, on the database at DATABASE_URL. */
import { build } from './build.mjs';
import { loadEnvFile, stopWithNpm } from './environment.mjs';

const PARTS = {
  api: '../dist/bundle/apps/api/src/main.js',
  worker: '../dist/bundle/apps/worker/src/main.js',
  migrate: '../dist/bundle/apps/platform/src/migrate-main.js',
  'providers:secrets': '../dist/bundle/apps/worker/src/provider-secrets.js',
  'secrets:rotate': '../dist/bundle/apps/worker/src/rotate-secrets.js',
  'rollups:verify': '../dist/bundle/apps/worker/src/verify-rollups.js',
};
const part = process.argv[2];

if (!Object.hasOwn(PARTS, part)) {
  console.error(`Say which part to run: ${Object.keys(PARTS).join(', ')}.`);
  process.exit(1);
}
loadEnvFile();
stopWithNpm();
await build();
if (part !== 'migrate') {
  const { preflight } = await import('../dist/bundle/apps/platform/src/preflight.js');
  if (!(await preflight(process.env))) process.exit(1);
}
await import(PARTS[part]);
