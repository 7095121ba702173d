import { randomUUID } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { isReachableByOthers, type ServerAccount } from './server-account.js';

const SHARED_HOME = '/var/lib/wearables-platform';

/**
 * The directory that holds the server's files: the data directory itself. When root keeps that below a private
 * directory (its own home, say), where the server's account cannot get to, it is one under /var/lib, and
 * `database-home` in the data directory links to it.
 */
export function databaseHome(dataDir: string, account: ServerAccount | null): string {
  mkdirSync(dataDir, { recursive: true });
  if (account === null || isReachableByOthers(dataDir)) return dataDir;
  const link = join(dataDir, 'database-home');
  if (!lstatSync(link, { throwIfNoEntry: false })) symlinkSync(join(SHARED_HOME, randomUUID()), link);
  const home = readlinkSync(link);
  if (!existsSync(home)) mkdirSync(home, { recursive: true, mode: 0o711 });
  return home;
}
