import { startKeeper } from './keeper.mjs';
import { findRedisServer } from './redis-binary.mjs';

/** Before all medium and e2e tests: one PostgreSQL, and one Redis where this machine has it, for the whole run. */
export default async function startServers() {
  globalThis.keepers = [];
  const postgres = await start('postgres-keeper.mjs');
  process.env.TEST_POSTGRES_URL = postgres.url;
  process.env.TEST_SCRATCH_DIR = postgres.scratch;
  if (findRedisServer()) process.env.TEST_REDIS_URL = (await start('redis-keeper.mjs')).url;
}

async function start(script) {
  const { keeper, answer } = await startKeeper(script);
  globalThis.keepers.push(keeper);
  return answer;
}
