/**
 * Runs the PostgreSQL of one test run; see server-keeper.mjs. Answers `{ "url": "postgresql://...", "scratch": "/..." }`:
 * also a directory for the tests' own files, which goes with the server.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serverAccount } from './postgres-account.mjs';
import { postgresBinaries } from './postgres-binaries.mjs';
import { keepServer } from './server-keeper.mjs';

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '300',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  // Deliberately not UTC: a connection that forgets to ask for UTC shows in the tests.
  timezone: 'America/St_Johns',
};

await keepServer((directory) => {
  const account = serverAccount();
  const { initdb, postgres } = postgresBinaries(directory, account);
  const password = randomBytes(12).toString('hex');
  const passwordFile = join(directory, 'password');
  writeFileSync(passwordFile, password);
  if (account.uid !== undefined)
    for (const path of [directory, passwordFile]) chownSync(path, account.uid, account.gid);

  const scratch = join(directory, 'scratch');
  mkdirSync(scratch);
  const data = join(directory, 'data');
  const options = { ...account, cwd: directory };
  const flags = ['--username=postgres', `--pwfile=${passwordFile}`, '--auth=password', '--no-sync'];
  execFileSync(initdb, [`--pgdata=${data}`, ...flags, '--encoding=UTF8', '--locale=C'], { ...options, stdio: 'pipe' });
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return {
    command: postgres,
    args: (port) => ['-D', data, '-p', String(port), ...settings],
    options,
    readyMark: 'ready to accept connections',
    answer: (port) => ({ url: `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`, scratch }),
  };
});
