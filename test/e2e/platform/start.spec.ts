import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freshRedisUrl } from '../../support/redis.js';
import { freePort, gone, RunningPlatform } from './running-platform.js';

const run = promisify(execFile);
const PATIENCE_MS = 120_000;

describe('npm start', () => {
  let root: string;
  let env: Record<string, string>;
  let platform: RunningPlatform;
  let apiKey: string;

  const api = (path: string): string => `http://127.0.0.1:${env['PORT']}${path}`;
  const statusWithKey = async (key: string): Promise<number> =>
    (await fetch(api('/api/v1/users'), { headers: { 'X-Open-Wearables-API-Key': key } })).status;
  const postgresPid = (): number =>
    Number(readFileSync(join(env['DATA_DIR']!, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);
  const failing = async (changes: Record<string, string>): Promise<{ code: number | null; errors: string }> => {
    const failed = new RunningPlatform({ ...env, ...changes });
    return { code: await failed.ended, errors: failed.errors };
  };

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'platform-start-'));
    // The embedded server may run under an account of its own.
    chmodSync(root, 0o755);
    const redisUrl = await freshRedisUrl();
    env = {
      PORT: String(await freePort()),
      DATA_DIR: join(root, 'data'),
      ...(redisUrl ? { REDIS_URL: redisUrl } : {}),
    };
    platform = new RunningPlatform(env);
    await platform.ready();
  }, PATIENCE_MS);

  afterAll(async () => {
    await platform.clear();
    await rm(root, { recursive: true, force: true });
  }, PATIENCE_MS);

  it('shows at the first start where things are and the secrets it made', async () => {
    expect(platform.banner).toContain(`http://localhost:${env['PORT']}/api/v1`);
    expect(platform.banner).toMatch(/Admin +admin@admin\.com, password \S{16,} \(shown this once\)/);
    apiKey = /sk-[0-9a-f]{32}/.exec(platform.banner)![0];
    expect((await fetch(api('/health/ready'))).status).toBe(200);
    expect(await statusWithKey(apiKey)).toBe(200);
    expect(await statusWithKey('sk-00000000000000000000000000000000')).toBe(401);
  });

  it('describes itself as it is built, with every part under its name', async () => {
    const document = await (await fetch(api('/openapi.json'))).text();
    const { components } = JSON.parse(document) as { components: { schemas: Record<string, unknown> } };
    const named = [...document.matchAll(/"\$ref":"#\/components\/schemas\/([^"]*)"/g)].map(([, name]) => name!);
    expect(named.length).toBeGreaterThan(200);
    expect(named.filter((name) => !Object.hasOwn(components.schemas, name))).toEqual([]);
    // A name that a bundler changed ends in a number.
    expect(Object.keys(components.schemas).filter((name) => /\d$/.test(name))).toEqual([]);
  });

  it(
    'shows commands that work as they are pasted, twice',
    async () => {
      const commands = platform.banner.slice(platform.banner.indexOf('\nAPI='));
      await run('bash', ['-c', commands]);
      const { stdout } = await run('bash', ['-c', commands]);
      const [user, accepted, ...answers] = stdout.trim().split('\n');
      expect(user).toMatch(/^user [0-9a-f-]{36}$/);
      expect(JSON.parse(accepted!)).toMatchObject({ status_code: 202 });
      const [timeseries, workouts, sleep] = answers.map((line) => (JSON.parse(line) as { data: unknown[] }).data);
      expect(timeseries).toHaveLength(4);
      expect(workouts).toMatchObject([{ type: 'running' }]);
      expect(sleep).toHaveLength(1);
    },
    PATIENCE_MS,
  );

  it(
    'answers in one sentence when it cannot start',
    async () => {
      const otherData = { DATA_DIR: join(root, 'other') };
      const oldData = { DATA_DIR: join(root, 'old'), PORT: String(await freePort()) };
      mkdirSync(join(oldData.DATA_DIR, 'postgres'), { recursive: true });
      writeFileSync(join(oldData.DATA_DIR, 'postgres/PG_VERSION'), '17\n');
      const nowhere = {
        ...otherData,
        PORT: String(await freePort()),
        DATABASE_URL: 'postgresql://u:hidden@127.0.0.1:1/n',
      };

      const [portInUse, sameData, wrongVersion, unreachable] = await Promise.all([
        failing(otherData),
        failing({ PORT: String(await freePort()) }),
        failing(oldData),
        failing({ ...nowhere, DATA_DIR: join(root, 'nowhere') }),
      ]);

      expect(portInUse).toEqual({
        code: 1,
        errors: `PORT ${env['PORT']} cannot be used on 127.0.0.1: another program listens there.\n`,
      });
      expect(sameData.code).toBe(1);
      expect(sameData.errors).toMatch(
        /^Another platform \(process \d+\) is already running on .*\/data; stop it .*\.\n$/,
      );
      expect(wrongVersion.code).toBe(1);
      expect(wrongVersion.errors).toMatch(/^The data in .* was written by PostgreSQL 17, and .*\.\n$/);
      expect(unreachable).toEqual({
        code: 1,
        errors: 'The database 127.0.0.1:1/n is not reachable: nothing accepts connections there.\n',
      });
    },
    PATIENCE_MS,
  );

  it(
    'lists every mistake of the environment',
    async () => {
      const { code, errors } = await failing({ PORT: 'http', MAX_UPLOAD_BYTES: '1', ENVIRONMENT: 'production' });
      expect(code).toBe(1);
      const variables = errors
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[0]);
      expect(variables).toEqual([
        'PORT',
        'MAX_UPLOAD_BYTES',
        'DATABASE_URL',
        'SECRET_KEY',
        'ENCRYPTION_KEYS',
        'ADMIN_PASSWORD',
      ]);
    },
    PATIENCE_MS,
  );

  it(
    'starts a part again that was killed, the database too',
    async () => {
      const [worker, postgres] = [platform.pidOf('worker'), postgresPid()];
      process.kill(worker, 'SIGKILL');
      process.kill(postgres, 'SIGKILL');
      await Promise.all([gone(worker), gone(postgres)]);
      await until(
        async () => (await fetch(api('/health/ready'))).status === 200 && platform.pidOf('worker') !== worker,
      );
      expect(await statusWithKey(apiKey)).toBe(200);
    },
    PATIENCE_MS,
  );

  it(
    'goes on after it was killed, and shows no secrets at later starts',
    async () => {
      const parts = [platform.pidOf('api'), platform.pidOf('worker')];
      platform.kill('SIGKILL');
      await platform.ended;
      await Promise.all(parts.map(gone));
      platform = new RunningPlatform(env);
      const banner = await platform.ready();
      expect(banner).toContain(`http://localhost:${env['PORT']}/api/v1`);
      expect(banner).not.toMatch(/sk-[0-9a-f]|password \S/);
      expect(await statusWithKey(apiKey)).toBe(200);
    },
    PATIENCE_MS,
  );

  it(
    'stops everything when it is told to',
    async () => {
      const parts = [platform.pidOf('api'), platform.pidOf('worker'), postgresPid()];
      platform.kill('SIGTERM');
      expect(await platform.ended).toBe(0);
      await Promise.all(parts.map(gone));
      await expect(fetch(api('/health/live'))).rejects.toThrow();
    },
    PATIENCE_MS,
  );
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition().catch(() => false))) await new Promise((resolve) => setTimeout(resolve, 100));
}
