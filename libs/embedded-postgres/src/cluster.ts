import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { OperatorProblem } from '#libs/model';
import type { ServerAccount } from './server-account.js';

const run = promisify(execFile);

export const SUPERUSER = 'platform';

/** What the packages bring. */
const BUNDLED_MAJOR = 18;

/** True when there are data files that the bundled server can open, false when there are none. */
export function hasCluster(directory: string): boolean {
  const file = join(directory, 'PG_VERSION');
  if (!existsSync(file)) return false;
  const major = readFileSync(file, 'utf8').trim();
  if (major === String(BUNDLED_MAJOR)) return true;
  throw new OperatorProblem(
    `The data in ${directory} was written by PostgreSQL ${major}, and this release brings PostgreSQL ${BUNDLED_MAJOR}; ` +
      'move the data with pg_dump and pg_restore, or choose another DATA_DIR.',
  );
}

/** Creates empty data files. The directory appears whole or not at all, however this process ends. */
export async function createCluster(
  directory: string,
  options: { initdb: string; password: string; account: ServerAccount | null },
): Promise<void> {
  const { initdb, password, account } = options;
  const unfinished = `${directory}.new`;
  const passwordFile = `${directory}.password`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account) for (const path of [unfinished, passwordFile]) chownSync(path, account.uid, account.gid);
  const flags = [`--pgdata=${unfinished}`, `--username=${SUPERUSER}`, `--pwfile=${passwordFile}`];
  try {
    await run(initdb, [...flags, '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C'], {
      ...account,
      cwd: unfinished,
      env: { LC_ALL: 'C' },
    });
  } catch (error) {
    const lastWords = String((error as { stderr?: unknown }).stderr)
      .trim()
      .split('\n')
      .at(-1);
    throw new OperatorProblem(`The embedded PostgreSQL could not create its files in ${directory}: ${lastWords}.`, {
      cause: error,
    });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(unfinished, directory);
}
