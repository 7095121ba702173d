import type { Access } from '#libs/identity';
import { Sessions } from '#libs/identity';
import type { TestApi } from '../../support/api.js';

/** What a request carries. */
export interface Credential {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What the guard is to make of it on a route of this access: `in`, or status and detail of the refusal. */
  expected(access: Access): 'in' | readonly [number, string];
}

const NO_KEY = [401, 'Invalid or missing API key'] as const;
const NOTHING = [401, 'Authentication required: provide JWT token or API key'] as const;
const NOTHING_SDK = [401, 'Authentication required: provide SDK token or API key'] as const;
const NO_DEVELOPER = [401, 'Could not validate credentials'] as const;
const NOT_FOR_PHONES = [401, 'SDK tokens cannot access this endpoint'] as const;
const OTHER_USER = [403, 'Token does not match user_id'] as const;

type Outcome = 'in' | readonly [number, string];
interface Outcomes {
  readonly scope: Outcome;
  readonly developer: Outcome;
  readonly sdk: Outcome;
}

const credential = (name: string, headers: Record<string, string>, outcomes: Outcomes): Credential => ({
  name,
  headers,
  expected: ({ kind }) => (kind === 'public' || kind === 'application' ? 'in' : outcomes[kind]),
});

const bearer = (token: string): Record<string, string> => ({ Authorization: `Bearer ${token}` });
const key = (text: string): Record<string, string> => ({ 'X-Open-Wearables-API-Key': text });

const WORTHLESS: Outcomes = { scope: NOTHING, developer: NO_DEVELOPER, sdk: NOTHING_SDK };
const WORTHLESS_KEY: Outcomes = { scope: NO_KEY, developer: NO_DEVELOPER, sdk: NO_KEY };

/** One of every kind of credential, good and bad, for the phones of `userId`. */
export async function credentialsOf(api: TestApi, userId: string): Promise<Credential[]> {
  const sessions = api.app.get(Sessions);
  const now = new Date();
  const longAgo = new Date(now.getTime() - 86_400_000);
  const developer = async (opened = now): Promise<string> =>
    (await sessions.open({ kind: 'developer', developerId: api.developerId }, opened)).access_token;
  const phone = async (user: string, opened = now) =>
    sessions.open({ kind: 'sdk', userId: user, appId: 'app_x', applicationId: null, developerId: null }, opened);
  const other = await api.given.user();

  const gone = await api.given.developer();
  const goneToken = (await sessions.open({ kind: 'developer', developerId: gone.id }, now)).access_token;
  await api.developer.delete(`/api/v1/developers/${gone.id}`).expect(200);
  const loggedOut = await developer();
  await api.developer.with(bearer(loggedOut)).post('/api/v1/auth/logout').expect(200);
  const revoked = await phone(userId);
  await sessions.revoke(revoked.refresh_token, now);

  const expired = await api.given.apiKey('expired');
  await api.database.db.query(`UPDATE api_key SET expires_at = now() - interval '1 second' WHERE id = $1`, [
    expired.id,
  ]);
  const deleted = await api.given.apiKey('deleted');
  await api.developer.delete(`/api/v1/developer/api-keys/${deleted.id}`).expect(200);
  const powerless = await api.given.apiKey('powerless', []);
  const admin = await api.given.apiKey('admin', ['admin']);

  return [
    credential('nothing', {}, WORTHLESS),
    credential('an unknown key', key(`sk-${'0'.repeat(32)}`), WORTHLESS_KEY),
    credential('an expired key', key(expired.key), WORTHLESS_KEY),
    credential('a deleted key', key(deleted.key), WORTHLESS_KEY),
    keyWithout(powerless.key),
    keyWithDefaults(api.apiKey),
    credential('a key for everything', key(admin.key), { scope: 'in', developer: NO_DEVELOPER, sdk: 'in' }),
    credential('no token', bearer('rubbish'), WORTHLESS),
    credential('an expired developer token', bearer(await developer(longAgo)), WORTHLESS),
    credential('a token of a session logged out', bearer(loggedOut), WORTHLESS),
    credential('a token of a deleted developer', bearer(goneToken), WORTHLESS),
    credential('a developer token', bearer(await developer()), { scope: 'in', developer: 'in', sdk: NOTHING_SDK }),
    credential('an expired phone token', bearer((await phone(userId, longAgo)).access_token), WORTHLESS),
    credential('a revoked phone token', bearer(revoked.access_token), WORTHLESS),
    credential("another user's phone token", bearer((await phone(other.id)).access_token), {
      ...WORTHLESS,
      developer: NOT_FOR_PHONES,
      sdk: OTHER_USER,
    }),
    credential("the user's phone token", bearer((await phone(userId)).access_token), {
      ...WORTHLESS,
      developer: NOT_FOR_PHONES,
      sdk: 'in',
    }),
  ];
}

const lacks = (scope: string): readonly [number, string] => [403, `This API key lacks the scope ${scope}`];

function keyWithout(text: string): Credential {
  const base = credential('a key without scopes', key(text), {
    scope: 'in',
    developer: NO_DEVELOPER,
    sdk: lacks('data:write'),
  });
  return {
    ...base,
    expected: (access) => (access.kind === 'scope' ? lacks(access.scope) : base.expected(access)),
  };
}

function keyWithDefaults(text: string): Credential {
  const base = credential('a key as it is made', key(text), { scope: 'in', developer: NO_DEVELOPER, sdk: 'in' });
  return {
    ...base,
    expected: (access) =>
      access.kind === 'scope' && access.scope === 'admin' ? lacks('admin') : base.expected(access),
  };
}
