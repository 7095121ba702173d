/** Runs the Redis of one test run; see server-keeper.mjs. Answers `{ "url": "redis://..." }`, without a database. */
import { findRedisServer } from './redis-binary.mjs';
import { keepServer } from './server-keeper.mjs';

await keepServer((directory) => ({
  command: findRedisServer(),
  // Nothing on disk; a database for every caller of a long run.
  args: (port) => [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--databases',
    '4096',
    '--dir',
    directory,
  ],
  options: { cwd: directory },
  readyMark: 'eady to accept connections',
  answer: (port) => ({ url: `redis://127.0.0.1:${port}` }),
}));
