import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { OperatorProblem } from '#libs/model';

const STOP_PATIENCE_MS = 30_000;
const STEP_MS = 50;

/**
 * Stops the server that a killed platform left behind on these data files. A pid file whose process is gone or is some
 * other program is no hindrance: it is removed where the number was given to another process since.
 */
export async function stopLeftOverServer(directory: string): Promise<void> {
  const file = join(directory, 'postmaster.pid');
  const pid = pidIn(file);
  if (pid === null || !isAlive(pid)) return;
  if (!servesDirectory(pid, directory)) {
    rmSync(file, { force: true });
    return;
  }
  process.kill(pid, 'SIGINT');
  for (let waited = 0; isAlive(pid); waited += STEP_MS) {
    if (waited >= STOP_PATIENCE_MS) {
      throw new OperatorProblem(`The PostgreSQL of an earlier start (process ${pid}) does not stop; end it by hand.`);
    }
    await pause(STEP_MS);
  }
}

function pidIn(file: string): number | null {
  if (!existsSync(file)) return null;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  return Number.isInteger(pid) && pid > 0 ? pid : null;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Our servers carry their data directory in their command line. */
function servesDirectory(pid: number, directory: string): boolean {
  try {
    const command = existsSync('/proc/self/cmdline')
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return command.includes('postgres') && command.includes(`-D ${directory} `);
  } catch {
    return false;
  }
}
