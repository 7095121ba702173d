import { isGuessable } from './encryption-keys.js';
import type { LoadOptions, Settings } from './settings.js';

/** Values that stand in public examples; whoever uses one has no secret. */
const PUBLIC_VALUES = new Set([
  'admin',
  'change-me',
  'changeme',
  'default',
  'open-wearables',
  'password',
  'postgres',
  'secret',
  'secret-key',
  'your-secret-key',
  'your-secure-password',
]);
const SECRET_KEY_LENGTH = 32;
const PASSWORD_LENGTH = 12;

/** What is fine on a laptop and dangerous in production. */
export function productionMistakes(settings: Settings, env: NodeJS.ProcessEnv, { bootstraps }: LoadOptions): string[] {
  const { databaseUrl, secretKey, secretKeyPrevious, encryptionKeys, adminPassword, bootstrapApiKey } = settings;
  const mistakes: string[] = [];
  if (databaseUrl === null && !env['DATABASE_URL']?.trim()) {
    mistakes.push('DATABASE_URL is required in production, for example postgresql://user:password@host:5432/name.');
  }
  if (databaseUrl !== null && isPublic(passwordOf(databaseUrl))) {
    mistakes.push('DATABASE_URL carries a password from a public example; choose another one.');
  }
  if (secretKey === null) mistakes.push('SECRET_KEY is required in production.');
  else if (isPublic(secretKey) || secretKey.length < SECRET_KEY_LENGTH) {
    mistakes.push(`SECRET_KEY must be a random text of at least ${SECRET_KEY_LENGTH} characters in production.`);
  }
  if (secretKeyPrevious !== null && isPublic(secretKeyPrevious)) {
    mistakes.push('SECRET_KEY_PREVIOUS is from a public example: whoever knows it could sign tokens; leave it out.');
  }
  if (encryptionKeys === null && !env['ENCRYPTION_KEYS']?.trim()) {
    mistakes.push('ENCRYPTION_KEYS is required in production: it encrypts stored tokens and secrets.');
  }
  if (encryptionKeys?.some(isGuessable)) {
    mistakes.push('ENCRYPTION_KEYS must be random bytes in production, for example from: openssl rand -base64 32.');
  }
  if (adminPassword === null && bootstraps) {
    mistakes.push('ADMIN_PASSWORD is required in production: it is given to the first developer.');
  }
  if (adminPassword !== null && (isPublic(adminPassword) || adminPassword.length < PASSWORD_LENGTH)) {
    mistakes.push(`ADMIN_PASSWORD must be a password of at least ${PASSWORD_LENGTH} characters in production.`);
  }
  if (bootstrapApiKey !== null && isPublic(bootstrapApiKey)) {
    mistakes.push('BOOTSTRAP_API_KEY must be a random text in production.');
  }
  return mistakes;
}

const passwordOf = (databaseUrl: string): string => new URL(databaseUrl).password;

const isPublic = (value: string): boolean => PUBLIC_VALUES.has(value.toLowerCase());
