import { findRedisServer } from './test/support/redis-binary.mjs';

const base = {
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^#libs/(.*)$': '<rootDir>/libs/$1/src/index.ts', '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': ['@swc/jest', { configFile: '.swcrc' }] },
  setupFiles: ['reflect-metadata'],
  testEnvironment: 'node',
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
};

/** One PostgreSQL per run; jest starts it only when one of these projects has something to run. */
const withServers = {
  ...base,
  globalSetup: '<rootDir>/test/support/servers-setup.mjs',
  globalTeardown: '<rootDir>/test/support/servers-teardown.mjs',
};

const onRedis = { ...withServers, setupFiles: [...base.setupFiles, '<rootDir>/test/support/use-redis.mjs'] };

/** Three sizes: unit beside the code, medium against a real PostgreSQL, e2e over HTTP. */
const projects = [
  { ...base, displayName: 'unit', testMatch: ['<rootDir>/{apps,libs,scripts,test/support,test/simulator}/**/*.spec.{ts,mjs}'] },
  { ...withServers, displayName: 'medium', testMatch: ['<rootDir>/test/medium/**/*.spec.ts'] },
  { ...withServers, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.spec.ts'] },
];

/** What depends on the queue runs a second time, on Redis, where this machine has a `redis-server`. */
const redisProjects = [
  { ...onRedis, displayName: 'medium-redis', testMatch: ['<rootDir>/test/medium/{queue,sync}/**/*.spec.ts'] },
  { ...onRedis, displayName: 'e2e-redis', testMatch: ['<rootDir>/test/e2e/{crash,platform,sdk,support}/**/*.spec.ts'] },
];

export default {
  projects: findRedisServer() ? [...projects, ...redisProjects] : projects,
  maxWorkers: '100%',
  // Generous, for machines that do something else too; a test that waits for something bounds that itself.
  testTimeout: 60_000,
  // A test that failed half-way may leave a server open; the run ends all the same.
  forceExit: true,
  coverageProvider: 'babel',
  collectCoverageFrom: ['libs/*/src/**/*.ts', 'libs/providers/*/src/**/*.ts', '!**/*.spec.ts', '!**/migrations/**'],
  coverageReporters: ['text-summary', 'json-summary', 'lcov'],
  coverageDirectory: 'coverage',
};
