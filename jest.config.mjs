import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findRedisServer } from './test/support/redis-binary.mjs';

const ROOT = fileURLToPath(new URL('.', import.meta.url));
/** `npm test` sets it: many spec files run as one (test/groups/register.ts). Without it every file runs by itself. */
const isGrouped = process.env.TEST_GROUPED === '1';
const SWC = ['@swc/jest', { configFile: '.swcrc' }];

const base = {
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^#libs/(.*)$': '<rootDir>/libs/$1/src/index.ts',
    '^@nestjs/throttler$': '<rootDir>/test/support/throttler.mjs',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    ...(isGrouped ? { '\\.spec\\.ts$': '<rootDir>/test/support/grouped-transform.mjs' } : {}),
    '^.+\\.ts$': SWC,
  },
  setupFiles: ['reflect-metadata'],
  // `npm test` sets it, to know which lines of the libraries ran.
  testEnvironment: process.env.COVERAGE_DIR ? '<rootDir>/test/support/coverage-environment.mjs' : 'node',
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
};

/** One PostgreSQL per run; jest starts it only when one of these projects has something to run. */
const withServers = {
  ...base,
  globalSetup: '<rootDir>/test/support/servers-setup.mjs',
  globalTeardown: '<rootDir>/test/support/servers-teardown.mjs',
};

const onRedis = { ...withServers, setupFiles: [...base.setupFiles, '<rootDir>/test/support/use-redis.mjs'] };

/** Spec files below folders; `alone` are those that take long and mostly wait, so that other files run meanwhile. */
function project(displayName, settings, { folders, groups, alone = [] }) {
  const specs = folders.flatMap((folder) => specsBelow(folder));
  const isAlone = (path) => alone.some((folder) => path.startsWith(`${folder}/`));
  if (!isGrouped) return [{ ...settings, displayName, testMatch: specs.map((path) => `<rootDir>/${path}`) }];
  const grouped = specs.filter((path) => path.endsWith('.spec.ts') && !isAlone(path));
  const single = specs.filter((path) => !grouped.includes(path));
  const globals = { GROUPED_SPECS: grouped.map((path) => join(ROOT, path)), GROUP_COUNT: groups };
  const files = [...single, ...Array.from({ length: groups }, (_, n) => `test/groups/group-${n}.ts`)];
  return [{ ...settings, displayName, globals, testMatch: files.map((path) => `<rootDir>/${path}`) }];
}

function specsBelow(folder) {
  return readdirSync(join(ROOT, folder), { recursive: true })
    .filter((path) => /\.spec\.(ts|mjs)$/.test(path))
    .map((path) => `${folder}/${path}`)
    .sort();
}

const SLOW = ['test/e2e/chaos', 'test/e2e/crash', 'test/e2e/webhook-crash', 'test/e2e/platform'];
const OF_QUEUES = { medium: ['queue', 'sync'], e2e: ['chaos', 'platform', 'sdk', 'support'] };
const below = (folder, names) => names.map((name) => `test/${folder}/${name}`);

/** Three sizes: unit beside the code, medium against a real PostgreSQL, e2e over HTTP. */
const projects = [
  ...project('e2e', withServers, { folders: ['test/e2e'], groups: 4, alone: SLOW }),
  ...project('medium', withServers, { folders: ['test/medium'], groups: 6 }),
  ...project('unit', base, { folders: ['apps', 'libs', 'scripts', 'test/support', 'test/simulator'], groups: 2 }),
];

/** What depends on the queue runs a second time, on Redis, where this machine has a `redis-server`. */
const redisProjects = () => [
  ...project('medium-redis', onRedis, { folders: below('medium', OF_QUEUES.medium), groups: 1 }),
  ...project('e2e-redis', onRedis, { folders: below('e2e', OF_QUEUES.e2e), groups: 1, alone: SLOW }),
];

export default {
  projects: findRedisServer() ? [...projects, ...redisProjects()] : projects,
  maxWorkers: '100%',
  // Generous, for machines that do something else too; a test that waits for something bounds that itself.
  testTimeout: 60_000,
  // A test that failed half-way may leave a server open; the run ends all the same.
  forceExit: true,
};
