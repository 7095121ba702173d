import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { OperatorProblem } from '#libs/model';

/** The password of a server that is about to be created: random, readable for us alone. */
export function newPassword(file: string): string {
  const password = randomBytes(24).toString('hex');
  writeFileSync(file, password, { mode: 0o600 });
  return password;
}

/** The password of the server that was created with `newPassword(file)`. */
export function readPassword(file: string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  throw new OperatorProblem(
    `The password file ${file} of the embedded PostgreSQL is missing; restore it from a backup.`,
  );
}
