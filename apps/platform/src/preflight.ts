import pg from 'pg';
import { loadConfig } from '#libs/config';
import { connectionProblem } from '#libs/database';
import { explain, StartProblem } from './start-problem.js';

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Says on standard error what keeps one part from starting by itself: mistakes in the environment, or a database that
 * is not there. True when nothing does.
 */
export async function preflight(env: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    const { databaseUrl } = loadConfig(env);
    if (databaseUrl === null) {
      throw new StartProblem('DATABASE_URL is required; `npm start` alone brings a database of its own.');
    }
    await assertReachable(databaseUrl);
    return true;
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    return false;
  }
}

async function assertReachable(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  try {
    await client.connect();
  } catch (error) {
    throw connectionProblem(url, error);
  }
  await client.end();
}
