import type { AppConfig } from '#libs/config';
import type { BootstrapResult } from '#libs/identity';
import { firstSteps } from './first-steps.js';

export interface Standing {
  readonly config: AppConfig;
  readonly isEmbedded: boolean;
  readonly bootstrap: BootstrapResult;
  readonly now: Date;
}

/** What a person sees when everything runs: always where things are; secrets only at the boot that made them. */
export function banner({ config, isEmbedded, bootstrap, now }: Standing): string {
  const { apiBaseUrl, dataDir, redisUrl } = config;
  const lines = [
    ['API', `${apiBaseUrl}/api/v1`],
    ['Documentation', `${apiBaseUrl}/docs`],
    ['Health', `${apiBaseUrl}/health/ready`],
    ['Database', isEmbedded ? `embedded PostgreSQL, files in ${dataDir}` : 'at DATABASE_URL'],
    ['Queue', redisUrl === null ? 'in the database' : 'at REDIS_URL'],
    ['Admin', adminLine(bootstrap)],
    ...keyLines(bootstrap),
  ].map(([name = '', value = '']) => `  ${name.padEnd(14)}${value}`);
  const key = bootstrap.apiKey ?? (bootstrap.created ? config.bootstrapApiKey : null);
  const steps = key === null ? '' : `\n${indented(FIRST_STEPS_TITLE)}\n\n${firstSteps(apiBaseUrl, key, now)}\n`;
  return `\nThe platform is ready. Ctrl-C stops it.\n\n${lines.join('\n')}\n${steps}\n`;
}

const FIRST_STEPS_TITLE = 'Try it: paste this into a terminal.';

const indented = (text: string): string => `  ${text}`;

function adminLine({ adminEmail, adminPassword, created }: BootstrapResult): string {
  if (adminPassword !== undefined) return `${adminEmail}, password ${adminPassword} (shown this once)`;
  return created ? `${adminEmail}, password as in ADMIN_PASSWORD` : adminEmail;
}

function keyLines({ apiKey, created }: BootstrapResult): [string, string][] {
  if (apiKey !== undefined) return [['API key', `${apiKey} (shown this once)`]];
  if (created) return [['API key', 'as in BOOTSTRAP_API_KEY']];
  return [['API key', 'as shown at the first start; a start with BOOTSTRAP_API_KEY set adds one']];
}
