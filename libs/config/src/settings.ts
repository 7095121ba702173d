import {
  apiKey,
  choice,
  duration,
  email,
  flag,
  hosts,
  integer,
  type Kind,
  origins,
  redirectTargets,
  sender,
  text,
  url,
  webAddress,
} from './kinds.js';
import { encryptionKeys } from './encryption-keys.js';
import { trustedProxies, type TrustedProxies } from './trusted-proxies.js';

/** One variable: how it is read, and what it is when it is not set (null: not set). */
export interface Setting<T> {
  readonly variable: string;
  readonly kind: Kind<T>;
  readonly fallback: T;
}

const setting = <T>(variable: string, kind: Kind<T>, fallback: T): Setting<T> => ({ variable, kind, fallback });
const optional = <T>(variable: string, kind: Kind<T>): Setting<T | null> => ({ variable, kind, fallback: null });

const ENVIRONMENTS = ['local', 'test', 'development', 'staging', 'production'] as const;
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const LOG_LEVEL_ALIASES = { warning: 'warn', critical: 'fatal' } as const;
const GRANULARITIES = ['daily', 'hourly', 'raw'] as const;
const ACCESS_LOG_LEVELS = ['all', 'errors', 'off'] as const;
const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

/** Every variable the platform reads, one line each. `.env.example` explains them. */
export const SETTINGS = {
  environment: setting<(typeof ENVIRONMENTS)[number]>('ENVIRONMENT', choice(ENVIRONMENTS), 'local'),
  host: setting('HOST', text, '127.0.0.1'),
  port: setting('PORT', integer(1, 65_535), 8000),
  workerPort: optional('WORKER_PORT', integer(1, 65_535)),
  dataDir: setting('DATA_DIR', text, '.data'),
  databaseUrl: optional('DATABASE_URL', url('postgresql', 'postgres')),
  poolSize: setting('DATABASE_POOL_SIZE', integer(2, 500), 10),
  redisUrl: optional('REDIS_URL', url('redis', 'rediss')),
  workerConcurrency: setting('WORKER_CONCURRENCY', integer(1, 64), 4),
  secretKey: optional('SECRET_KEY', text),
  secretKeyPrevious: optional('SECRET_KEY_PREVIOUS', text),
  encryptionKeys: optional('ENCRYPTION_KEYS', encryptionKeys),
  adminEmail: setting('ADMIN_EMAIL', email, 'admin@admin.com'),
  adminPassword: optional('ADMIN_PASSWORD', text),
  bootstrapApiKey: optional('BOOTSTRAP_API_KEY', apiKey),
  accessTokenMinutes: setting('ACCESS_TOKEN_EXPIRE_MINUTES', integer(1, 525_600), 60),
  developerIdleDays: setting('DEVELOPER_IDLE_DAYS', integer(0, 36_500), 30),
  developerSessionDays: setting('DEVELOPER_SESSION_DAYS', integer(0, 36_500), 90),
  sdkIdleDays: setting('SDK_IDLE_DAYS', integer(0, 36_500), 0),
  sdkSessionDays: setting('SDK_SESSION_DAYS', integer(0, 36_500), 0),
  invitationDays: setting('INVITATION_EXPIRE_DAYS', integer(1, 365), 7),
  userInvitationCodeDays: setting('USER_INVITATION_CODE_EXPIRE_DAYS', integer(1, 365), 7),
  frontendUrl: setting('FRONTEND_URL', webAddress, 'http://localhost:3000'),
  apiName: setting('API_NAME', text, 'Open Wearables API'),
  publicUrl: optional('API_BASE_URL', webAddress),
  corsOrigins: setting<readonly string[]>('CORS_ORIGINS', origins, []),
  corsAllowAll: setting('CORS_ALLOW_ALL', flag, false),
  maxUploadBytes: setting('MAX_UPLOAD_BYTES', integer(1024, 4096 * MIB), 64 * MIB),
  maxPageLimit: setting('MAX_PAGE_LIMIT', integer(100, 1000), 1000),
  maxAggregateBuckets: setting('MAX_AGGREGATE_BUCKETS', integer(100, 100_000), 5000),
  maxRangeDays: optional('MAX_RANGE_DAYS', integer(1, 100_000)),
  sleepEndGapMinutes: setting('SLEEP_END_GAP_MINUTES', integer(1, 1440), 120),
  outgoingWebhooksEnabled: setting('OUTGOING_WEBHOOKS_ENABLED', flag, false),
  webhookBodyDays: setting('WEBHOOK_BODY_RETENTION_DAYS', integer(1, 90), 30),
  outboundAllowedHosts: setting<readonly string[]>('OUTBOUND_ALLOWED_HOSTS', hosts, []),
  outboundUserAgent: setting('OUTBOUND_USER_AGENT', text, 'wearables-platform'),
  smtpUrl: optional('SMTP_URL', url('smtp', 'smtps')),
  mailFrom: optional('MAIL_FROM', sender),
  callerRequestsPerMinute: setting('RATE_LIMIT_PER_CALLER', integer(0, 100_000_000), 30_000),
  attemptsPerMinute: setting('RATE_LIMIT_ATTEMPTS', integer(0, 1_000_000), 10),
  trustedProxies: setting<TrustedProxies>('TRUSTED_PROXIES', trustedProxies, 0),
  oauthRedirectAllowlist: setting<readonly string[]>('OAUTH_REDIRECT_ALLOWLIST', redirectTargets, []),
  syncIntervalSeconds: setting('SYNC_INTERVAL_SECONDS', integer(60, 604_800), 3600),
  pullSyncLookbackSeconds: setting('PULL_SYNC_LOOKBACK', duration, 0),
  historicalSyncOnConnect: setting('HISTORICAL_SYNC_ON_CONNECT', flag, true),
  dataGranularity: setting<(typeof GRANULARITIES)[number]>('DEFAULT_DATA_GRANULARITY', choice(GRANULARITIES), 'raw'),
  pullConcurrency: setting('PULL_CONCURRENCY', integer(1, 64), 4),
  maxImportBytes: setting('IMPORT_MAX_BYTES', integer(1024, 64 * GIB), 2 * GIB),
  maxImportUnpackedBytes: setting('IMPORT_MAX_UNPACKED_BYTES', integer(1024, 1024 * GIB), 20 * GIB),
  importConcurrency: setting('IMPORT_CONCURRENCY', integer(1, 16), 1),
  importElementsPerPart: setting('IMPORT_ELEMENTS_PER_PART', integer(1, 100_000), 10_000),
  awsBucket: optional('AWS_BUCKET_NAME', text),
  awsRegion: setting('AWS_REGION', text, 'eu-north-1'),
  awsEndpoint: optional('AWS_ENDPOINT_URL', webAddress),
  awsAccessKeyId: optional('AWS_ACCESS_KEY_ID', text),
  awsSecretAccessKey: optional('AWS_SECRET_ACCESS_KEY', text),
  snsTopicArn: optional('AWS_SNS_TOPIC_ARN', text),
  syncStatusDays: setting('SYNC_STATUS_RETENTION_DAYS', integer(1, 365), 7),
  logLevel: setting<(typeof LOG_LEVELS)[number]>('LOG_LEVEL', choice(LOG_LEVELS, LOG_LEVEL_ALIASES), 'info'),
  accessLog: optional('ACCESS_LOG_LEVEL', choice(ACCESS_LOG_LEVELS)),
};

/** What the variables say, by the names of the table. */
export type Settings = {
  readonly [K in keyof typeof SETTINGS]: (typeof SETTINGS)[K] extends Setting<infer T> ? T : never;
};

export interface LoadOptions {
  /** The process creates the first developer, so production must say the password. */
  readonly bootstraps?: boolean;
}
