import { ApiKeysRepository } from '#libs/identity';
import type { Database } from '#libs/database';
import { AccessTokens } from '../../../libs/identity/src/access/access-tokens.js';
import { SigningKeys } from '../../../libs/identity/src/access/signing-keys.js';
import { InvitationCodes } from '../../../libs/identity/src/phones/invitation-codes.js';
import { SessionsRepository } from '../../../libs/identity/src/sessions/sessions.repository.js';
import { Sessions } from '../../../libs/identity/src/sessions/sessions.service.js';

export const SETTINGS = {
  secretKey: 'the first secret of these tests' as string | null,
  secretKeyPrevious: null as string | null,
  dataDir: '/nowhere',
  accessTokenMinutes: 60,
  developerIdleDays: 30,
  developerSessionDays: 90,
  sdkIdleDays: 0,
  sdkSessionDays: 0,
  userInvitationCodeDays: 7,
};

export interface IdentityWorld {
  readonly keys: SigningKeys;
  readonly sessions: Sessions;
  readonly rows: SessionsRepository;
  readonly codes: InvitationCodes;
  readonly apiKeys: ApiKeysRepository;
}

/** The parts of the library on one database, as the API puts them together. */
export function identityOn(db: Database, changes: Partial<typeof SETTINGS> = {}): IdentityWorld {
  const settings = { ...SETTINGS, ...changes };
  const keys = new SigningKeys(settings);
  const rows = new SessionsRepository(db);
  const sessions = new Sessions(db, rows, new AccessTokens(keys, settings), settings);
  const codes = new InvitationCodes(db, keys, sessions, settings);
  return { keys, rows, sessions, codes, apiKeys: new ApiKeysRepository(db) };
}
