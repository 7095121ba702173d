import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CLOUD_VARIABLES } from './cloud-settings.js';
import { ConfigError } from './config-error.js';
import { loadConfig } from './load-config.js';
import { SETTINGS, type LoadOptions } from './settings.js';

function mistakesOf(env: NodeJS.ProcessEnv, options?: LoadOptions): readonly string[] {
  try {
    loadConfig(env, options);
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
}

const KEYS = '2026:9nB0mZt3hC0c5f0i8rj0l1Vd4xk2a7QwEoPzYuTsRgM=';
const SOUND_PRODUCTION = {
  ENVIRONMENT: 'production',
  DATABASE_URL: 'postgresql://app:9fQ2-long-enough@db.example.com:5432/app',
  SECRET_KEY: '0123456789abcdef0123456789abcdef',
  ENCRYPTION_KEYS: KEYS,
  ADMIN_PASSWORD: 'correct horse battery',
};

describe('loadConfig', () => {
  it('needs nothing on a laptop', () => {
    expect(loadConfig({})).toMatchObject({
      environment: 'local',
      host: '127.0.0.1',
      port: 8000,
      dataDir: resolve('.data'),
      databaseUrl: null,
      redisUrl: null,
      poolSize: 10,
      maxUploadBytes: 64 * 1024 * 1024,
      sleepEndGapMinutes: 120,
      accessTokenMinutes: 60,
      adminEmail: 'admin@admin.com',
      corsOrigins: [],
      corsAllowAll: false,
      logLevel: 'info',
      accessLogLevel: 'all',
      apiBaseUrl: 'http://localhost:8000',
      storage: { kind: 'local', directory: resolve('.data/objects') },
    });
  });

  it.each<[NodeJS.ProcessEnv, object]>([
    [{ PORT: ' 9001 ' }, { port: 9001, apiBaseUrl: 'http://localhost:9001' }],
    [{ PORT: '' }, { port: 8000 }],
    [{ API_BASE_URL: 'https://api.example.com/' }, { apiBaseUrl: 'https://api.example.com' }],
    [{ DATA_DIR: '/srv/data' }, { dataDir: '/srv/data', storage: { kind: 'local', directory: '/srv/data/objects' } }],
    [{ LOG_LEVEL: 'WARNING' }, { logLevel: 'warn' }],
    [{ LOG_LEVEL: 'DEBUG' }, { logLevel: 'debug' }],
    [
      { CORS_ORIGINS: '["https://a.example/","http://b.example:3000"]' },
      { corsOrigins: ['https://a.example', 'http://b.example:3000'] },
    ],
    [{ CORS_ALLOW_ALL: 'True' }, { corsAllowAll: true }],
    [{ CORS_ALLOW_ALL: '0' }, { corsAllowAll: false }],
    [
      { ENVIRONMENT: 'test', ACCESS_LOG_LEVEL: 'off' },
      { environment: 'test', accessLogLevel: 'off' },
    ],
    [
      { OUTBOUND_ALLOWED_HOSTS: '["Hooks.internal:8443","[::1]"]' },
      { outboundAllowedHosts: ['hooks.internal:8443', '[::1]'] },
    ],
    [{ TRUSTED_PROXIES: '2' }, { trustedProxies: 2 }],
    [{ TRUSTED_PROXIES: 'loopback, 10.0.0.0/8, fd00::1' }, { trustedProxies: ['loopback', '10.0.0.0/8', 'fd00::1'] }],
    [{ PULL_SYNC_LOOKBACK: '1d12h30m' }, { pullSyncLookbackSeconds: 131_400 }],
    [
      { OAUTH_REDIRECT_ALLOWLIST: '["https://a.example/","MyApp:"]' },
      { oauthRedirectAllowlist: ['https://a.example', 'myapp:'] },
    ],
    [
      { WHOOP_CLIENT_ID: 'id', WHOOP_API_BASE_URL: 'http://localhost:9/x/', WHOOP_RATE_LIMIT: '100/60' },
      {
        cloud: {
          whoop: {
            clientId: 'id',
            clientSecret: null,
            apiBaseUrl: 'http://localhost:9/x',
            requestLimit: { requests: 100, perSeconds: 60 },
          },
        },
      },
    ],
    [
      { STRAVA_EVENTS_PER_PAGE: '50' },
      {
        cloud: {
          strava: {
            own: {
              STRAVA_EVENTS_PER_PAGE: { value: '50' },
              STRAVA_WEBHOOK_VERIFY_TOKEN: { value: null, isDerived: true, isSecret: true },
              INGEST_WORKOUT_SAMPLES: { value: 'false', isDerived: false },
            },
          },
        },
      },
    ],
    [{ REDIS_URL: 'rediss://cache:6380/1' }, { redisUrl: 'rediss://cache:6380/1' }],
  ])('reads %j', (env, expected) => {
    expect(loadConfig(env)).toMatchObject(expected);
  });

  it.each<[NodeJS.ProcessEnv, string]>([
    [{ PORT: '80a' }, 'PORT must be a whole number from 1 to 65535, not "80a".'],
    [{ PORT: '65536' }, 'PORT must be a whole number from 1 to 65535, not "65536".'],
    [{ PORT: '1e3' }, 'PORT must be a whole number from 1 to 65535, not "1e3".'],
    [{ ENVIRONMENT: 'prod' }, 'ENVIRONMENT must be one of local, test, development, staging, production, not "prod".'],
    [{ CORS_ALLOW_ALL: 'maybe' }, 'CORS_ALLOW_ALL must be true or false, not "maybe".'],
    [
      { CORS_ORIGINS: 'https://a.example' },
      'CORS_ORIGINS must be a JSON array of origins, for example ["https://app.example.com"].',
    ],
    [
      { CORS_ORIGINS: '["*"]' },
      'CORS_ORIGINS must be a JSON array of origins, for example ["https://app.example.com"].',
    ],
    [
      { OUTBOUND_ALLOWED_HOSTS: '["http://a"]' },
      'OUTBOUND_ALLOWED_HOSTS must be a JSON array of hosts, for example ["hooks.internal", "10.0.0.5:8443"].',
    ],
    [{ PULL_SYNC_LOOKBACK: '2 days' }, 'PULL_SYNC_LOOKBACK must be like 2d, 20h or 1d12h30m, not "2 days".'],
    [{ OURA_RATE_LIMIT: '100' }, 'OURA_RATE_LIMIT must be requests/seconds, for example 100/60, not "100".'],
    [{ STRAVA_EVENTS_PER_PAGE: '500' }, 'STRAVA_EVENTS_PER_PAGE must be a whole number from 1 to 200, not "500".'],
    [{ ADMIN_EMAIL: 'admin' }, 'ADMIN_EMAIL must be an email address, not "admin".'],
    [{ BOOTSTRAP_API_KEY: 'short' }, 'BOOTSTRAP_API_KEY must have at least 16 characters and no spaces.'],
    [
      { DATABASE_URL: 'mysql://u:hidden@h/n' },
      'DATABASE_URL must be an address that starts with postgresql:// or postgres://.',
    ],
    [
      { ENCRYPTION_KEYS: 'a:hidden' },
      'ENCRYPTION_KEYS must be a list of id:key, each key 32 bytes in base64, for example from: openssl rand -base64 32.',
    ],
    [{ ENCRYPTION_KEYS: `${KEYS},${KEYS}` }, 'ENCRYPTION_KEYS must not name a key id twice.'],
    [{ SMTP_URL: 'smtp://mail:25' }, 'MAIL_FROM is required with SMTP_URL: it is the sender of every mail.'],
    ...['all', '11', '10.0.0.0/33', '10.0.0.1,,'].map((value): [NodeJS.ProcessEnv, string] => [
      { TRUSTED_PROXIES: value },
      'TRUSTED_PROXIES must be the number of proxies (up to 10) or a list of addresses, for example 10.0.0.0/8.',
    ]),
    [{ MAIL_FROM: 'me' }, 'MAIL_FROM must be an email address or "Name <address>", not "me".'],
    [{ REDIS_URL: 'localhost:6379' }, 'REDIS_URL must be an address that starts with redis:// or rediss://.'],
  ])('explains what is wrong with %j', (env, sentence) => {
    expect(mistakesOf(env)).toEqual([sentence]);
  });

  it('reports all mistakes together, without repeating what may be secret', () => {
    const mistakes = mistakesOf({ PORT: 'x', LOG_LEVEL: 'loud', DATABASE_URL: 'hidden', BOOTSTRAP_API_KEY: 'hidden' });
    expect(mistakes).toHaveLength(4);
    expect(mistakes.join()).not.toContain('hidden');
  });
});

describe('ENCRYPTION_KEYS', () => {
  it.each([
    ['a list with commas', `${KEYS}, 2025:${'q7Zk'.repeat(10)}abc=`],
    ['a JSON array', JSON.stringify([KEYS, `2025:${'q7Zk'.repeat(10)}abc`])],
  ])('is read from %s', (_form, text) => {
    const keys = loadConfig({ ENCRYPTION_KEYS: text }).encryptionKeys;
    expect(keys?.map(({ id, key }) => [id, key.length])).toEqual([
      ['2026', 32],
      ['2025', 32],
    ]);
  });
});

describe('loadConfig in production', () => {
  it('accepts what is said in full', () => {
    expect(mistakesOf(SOUND_PRODUCTION, { bootstraps: true })).toEqual([]);
    expect(loadConfig(SOUND_PRODUCTION).accessLogLevel).toBe('errors');
  });

  it('lists everything that is missing', () => {
    const mistakes = mistakesOf({ ENVIRONMENT: 'production' }, { bootstraps: true });
    expect(mistakes.map((sentence) => sentence.split(' ')[0])).toEqual([
      'DATABASE_URL',
      'SECRET_KEY',
      'ENCRYPTION_KEYS',
      'ADMIN_PASSWORD',
    ]);
  });

  it('asks only the process that bootstraps for the password', () => {
    const { ADMIN_PASSWORD: _, ...env } = SOUND_PRODUCTION;
    expect(mistakesOf(env)).toEqual([]);
    expect(mistakesOf(env, { bootstraps: true })).toHaveLength(1);
  });

  it.each<[NodeJS.ProcessEnv, string]>([
    [{ SECRET_KEY: 'your-secret-key' }, 'SECRET_KEY'],
    [{ SECRET_KEY: 'too short' }, 'SECRET_KEY'],
    [{ ENCRYPTION_KEYS: `old:${'A'.repeat(43)}=` }, 'ENCRYPTION_KEYS'],
    [{ ENCRYPTION_KEYS: 'nonsense' }, 'ENCRYPTION_KEYS'],
    [{ ADMIN_PASSWORD: 'your-secure-password' }, 'ADMIN_PASSWORD'],
    [{ ADMIN_PASSWORD: 'short' }, 'ADMIN_PASSWORD'],
    [{ DATABASE_URL: 'postgresql://open-wearables:open-wearables@db/n' }, 'DATABASE_URL'],
  ])('refuses %j', (change, variable) => {
    const mistakes = mistakesOf({ ...SOUND_PRODUCTION, ...change });
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toMatch(new RegExp(`^${variable} `));
  });

  it('says one thing about a DATABASE_URL that cannot be read', () => {
    expect(mistakesOf({ ...SOUND_PRODUCTION, DATABASE_URL: 'nonsense' })).toHaveLength(1);
  });
});

describe('.env.example', () => {
  it('explains every variable that is read, and no other', () => {
    const example = readFileSync('.env.example', 'utf8');
    const documented = [...example.matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name);
    expect(documented.sort()).toEqual(
      [...Object.values(SETTINGS).map(({ variable }) => variable), ...CLOUD_VARIABLES].sort(),
    );
  });
});
