import type { SecretBox } from '#libs/secrets';
import type { TokenAnswer } from './token-endpoint.js';

export const ACCESS_TOKEN_PURPOSE = 'connection.access-token';
export const REFRESH_TOKEN_PURPOSE = 'connection.refresh-token';

/** Tokens as they are stored; `refresh` null when the vendor sent none. */
export const sealedTokens = (
  box: SecretBox,
  { accessToken, refreshToken }: Pick<TokenAnswer, 'accessToken' | 'refreshToken'>,
): { readonly access: string; readonly refresh: string | null } => ({
  access: box.seal(accessToken, ACCESS_TOKEN_PURPOSE),
  refresh: refreshToken === null ? null : box.seal(refreshToken, REFRESH_TOKEN_PURPOSE),
});
