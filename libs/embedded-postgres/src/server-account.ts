import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { OperatorProblem } from '#libs/model';

/** The OS account the server runs under; null: ours. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

const ACCOUNT = 'postgres';

/** PostgreSQL refuses to run as root, so root runs it as `postgres` and creates that account when there is none. */
export function serverAccount(): ServerAccount | null {
  if (process.getuid?.() !== 0) return null;
  const known = lookUp();
  if (known) return known;
  try {
    execFileSync('groupadd', ['--force', '--system', ACCOUNT], { stdio: 'pipe' });
    execFileSync('useradd', ['--system', '--gid', ACCOUNT, '--no-create-home', ACCOUNT], { stdio: 'pipe' });
  } catch (error) {
    throw accountProblem(error);
  }
  const created = lookUp();
  if (created) return created;
  throw accountProblem(undefined);
}

function lookUp(): ServerAccount | null {
  const id = (flag: string): number =>
    Number(execFileSync('id', [flag, ACCOUNT], { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' }));
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return null;
  }
}

const accountProblem = (cause: unknown): OperatorProblem =>
  new OperatorProblem(
    `PostgreSQL refuses to run as root and the account "${ACCOUNT}" could not be created; ` +
      'start as an ordinary user, or set DATABASE_URL.',
    { cause },
  );

/** Whether an account other than the owner can get to `path`: every directory above lets others pass. */
export function isReachableByOthers(path: string): boolean {
  for (let at = path; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
