import { join, resolve } from 'node:path';
import { readCloudSettings, type CloudCode, type CloudSettings } from './cloud-settings.js';
import { ConfigError } from './config-error.js';
import { Mistake } from './kinds.js';
import { productionMistakes } from './production.js';
import { SETTINGS, type LoadOptions, type Setting, type Settings } from './settings.js';

export type Environment = Settings['environment'];

/** Everything the platform was told from outside. Null: not set. */
export interface AppConfig extends Settings {
  /** Absolute path. */
  readonly dataDir: string;
  /** Where clients reach the API, without a slash at the end. */
  readonly apiBaseUrl: string;
  /** Which requests are logged. */
  readonly accessLogLevel: 'all' | 'errors' | 'off';
  /** What was said about each provider with a cloud. */
  readonly cloud: Readonly<Record<CloudCode, CloudSettings>>;
  /** Where objects (files) are kept. */
  readonly storage: StorageSettings;
}

/** A bucket when one is named, else a directory. */
export type StorageSettings =
  | { readonly kind: 'local'; readonly directory: string }
  | {
      readonly kind: 's3';
      readonly bucketName: string;
      readonly region: string;
      /** Of an S3-compatible server; null = Amazon. */
      readonly endpoint: string | null;
      /** Null = what the machine offers: role, profile, environment. */
      readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | null;
      readonly scratchDirectory: string;
    };

/**
 * Reads the environment. Empty variables count as not set; unknown ones are ignored.
 * @throws ConfigError with all mistakes together
 */
export function loadConfig(env: NodeJS.ProcessEnv, options: LoadOptions = {}): AppConfig {
  const mistakes: string[] = [];
  const entries = Object.entries<Setting<unknown>>(SETTINGS).map(([field, setting]) => [
    field,
    readSetting(setting, env, mistakes),
  ]);
  const settings = Object.fromEntries(entries) as Settings;
  if (settings.smtpUrl !== null && settings.mailFrom === null && !env['MAIL_FROM']?.trim()) {
    mistakes.push('MAIL_FROM is required with SMTP_URL: it is the sender of every mail.');
  }
  const cloud = readCloudSettings((variable, kind) =>
    readSetting<ReturnType<typeof kind> | null>({ variable, kind, fallback: null }, env, mistakes),
  );
  if (settings.environment === 'production') mistakes.push(...productionMistakes(settings, env, options));
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  const dataDir = resolve(settings.dataDir);
  return {
    ...settings,
    dataDir,
    cloud,
    apiBaseUrl: settings.publicUrl ?? `http://localhost:${settings.port}`,
    accessLogLevel: settings.accessLog ?? (settings.environment === 'production' ? 'errors' : 'all'),
    storage: storageOf(settings, dataDir),
  };
}

function storageOf(settings: Settings, dataDir: string): StorageSettings {
  const { awsBucket, awsRegion, awsEndpoint, awsAccessKeyId, awsSecretAccessKey } = settings;
  if (awsBucket === null) return { kind: 'local', directory: join(dataDir, 'objects') };
  const hasKeys = awsAccessKeyId !== null && awsSecretAccessKey !== null;
  return {
    kind: 's3',
    bucketName: awsBucket,
    region: awsRegion,
    endpoint: awsEndpoint,
    credentials: hasKeys ? { accessKeyId: awsAccessKeyId, secretAccessKey: awsSecretAccessKey } : null,
    scratchDirectory: join(dataDir, 'scratch'),
  };
}

function readSetting<T>({ variable, kind, fallback }: Setting<T>, env: NodeJS.ProcessEnv, mistakes: string[]): T {
  const value = env[variable]?.trim();
  if (value === undefined || value === '') return fallback;
  try {
    return kind(value);
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    mistakes.push(`${variable} ${error.message}.`);
    return fallback;
  }
}
