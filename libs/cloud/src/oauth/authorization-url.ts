import { createHash, randomBytes } from 'node:crypto';
import type { CloudApp } from '../app/cloud-app.js';

/** 32 random bytes, 43 characters. */
export const newState = (): string => randomBytes(32).toString('base64url');
/** 43 random bytes, 58 characters. */
export const newCodeVerifier = (): string => randomBytes(43).toString('base64url');

const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');

/** Where the user is sent to give consent. Every value is encoded. */
export function authorizationUrl(
  app: CloudApp,
  clientId: string,
  { state, codeVerifier }: { state: string; codeVerifier: string | null },
): string {
  const { encoding, authorizeParameters = {} } = app.cloud.oauth;
  const parameters: [string, string][] = [
    ['response_type', 'code'],
    ['client_id', clientId],
    ['redirect_uri', app.redirectUri],
    ['state', state],
  ];
  if (codeVerifier !== null) {
    parameters.push(['code_challenge', challengeOf(codeVerifier)], ['code_challenge_method', 'S256']);
  }
  if (app.scope !== '') parameters.push(['scope', app.scope]);
  parameters.push(...Object.entries(authorizeParameters));
  const query =
    encoding === 'form'
      ? new URLSearchParams(parameters).toString()
      : parameters.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return `${app.authorizeUrl}${app.authorizeUrl.includes('?') ? '&' : '?'}${query}`;
}
