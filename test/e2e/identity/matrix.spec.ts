import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Sessions } from '#libs/identity';
import { openTestApi, type TestApi } from '../../support/api.js';
import { agreedAccess, written } from './access-rules.js';
import { credentialsOf, type Credential } from './credentials.js';
import { declaredRoutes, type DeclaredRoute } from './declared-routes.js';

/** Routes whose first act would end what the next requests are made with. */
const ENDS_SESSION = '/api/v1/auth/logout';
const AT_ONCE = 8;

describe('every route with every credential', () => {
  let api: TestApi;
  let routes: DeclaredRoute[];
  let credentials: Credential[];
  let userId: string;

  beforeAll(async () => {
    api = await openTestApi({ config: { outgoingWebhooksEnabled: true, logLevel: 'fatal' } });
    userId = (await api.given.user()).id;
    routes = declaredRoutes(api.app);
    credentials = await credentialsOf(api, userId);
  });

  afterAll(() => api.close());

  /** Ids of nothing, so that who gets in finds nothing to change; phones need their own user. */
  const targetOf = ({ path, access }: DeclaredRoute): string =>
    path.replace(/\{(\w+)\}/g, (_, parameter: string) => {
      if (parameter === 'user_id' && access.kind === 'sdk') return userId;
      return parameter === 'provider' ? 'oura' : randomUUID();
    });

  async function answerTo(route: DeclaredRoute, headers: Credential['headers']): Promise<[number, string, string]> {
    const response = await fetch(`${api.url}${targetOf(route)}`, {
      method: route.method,
      headers,
      redirect: 'manual',
    });
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    const body: unknown =
      isJson && route.method !== 'HEAD' ? await response.json() : void (await response.body?.cancel());
    const detail = (body as { detail?: unknown } | undefined)?.detail;
    return [response.status, typeof detail === 'string' ? detail : '', response.headers.get('www-authenticate') ?? ''];
  }

  async function judge(route: DeclaredRoute, { name, headers, expected }: Credential): Promise<string | null> {
    const wanted = expected(route.access);
    const [status, detail, challenge] = await answerTo(route, headers);
    const title = `${route.method} ${route.path} with ${name}`;
    if (wanted === 'in') {
      const isRefused = /Authentication required|Could not validate|Invalid or missing API key|lacks the scope/.test(
        detail,
      );
      const isBroken = status >= 500 && status !== 503 && status !== 501;
      return isRefused || isBroken ? `${title}: ${status} ${detail} instead of getting in` : null;
    }
    const isChallenged = route.access.kind !== 'developer' || challenge === 'Bearer';
    if (status === wanted[0] && detail === wanted[1] && isChallenged) return null;
    return `${title}: ${status} ${detail} ${challenge} instead of ${wanted.join(' ')}`;
  }

  it('there are many, and each appears once', () => {
    expect(routes.length).toBeGreaterThan(100);
    const names = routes.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('the OpenAPI document knows no other', async () => {
    const document = (await (await fetch(`${api.url}/openapi.json`)).json()) as { paths: Record<string, object> };
    const documented = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const declared = new Set(routes.map(({ method, path }) => `${method} ${path}`));
    expect(documented.filter((name) => !declared.has(name))).toEqual([]);
  });

  it('declares the access that was agreed on', () => {
    const differing = routes
      .map(({ method, path, access }) => ({ name: `${method} ${path}`, access, agreed: agreedAccess(method, path) }))
      .filter(({ access, agreed }) => written(access) !== agreed)
      .map(({ name, access, agreed }) => `${name} declares ${written(access)}, access-rules.json says ${agreed}`);
    expect(differing).toEqual([]);
  });

  it('lets in whom it should and refuses all others in the documented words', async () => {
    const cases = routes.flatMap((route) => credentials.map((credential) => ({ route, credential })));
    const [ending, harmless] = [
      cases.filter(({ route }) => route.path === ENDS_SESSION),
      cases.filter(({ route }) => route.path !== ENDS_SESSION),
    ];
    const problems: (string | null)[] = [];
    const takeTurns = async (): Promise<void> => {
      for (let next = harmless.shift(); next; next = harmless.shift()) {
        problems.push(await judge(next.route, next.credential));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, takeTurns));
    for (const { route, credential } of ending) problems.push(await judge(route, credential));
    expect(problems.filter(Boolean)).toEqual([]);
    expect(problems.length).toBe(routes.length * credentials.length);
  });

  it('a public route answers whoever asks the same', async () => {
    const unstable = /health|metrics|audit/;
    const open = routes.filter(({ access, path }) => access.kind === 'public' && !unstable.test(path));
    for (const route of open) {
      const [first, ...others] = await Promise.all(
        ['nothing', 'an unknown key', 'a developer token', "the user's phone token"].map(async (name) => {
          const { headers } = credentials.find((credential) => credential.name === name)!;
          return (await answerTo(route, headers))[0];
        }),
      );
      expect([route.path, ...others]).toEqual([route.path, ...others.map(() => first)]);
    }
  });

  it('a phone’s token is good on its routes without `Bearer` and for its user in any spelling', async () => {
    const session = { kind: 'sdk', userId, appId: 'app_x', applicationId: null, developerId: null } as const;
    const { access_token: token } = await api.app.get(Sessions).open(session, new Date());
    const upload = (user: string, authorization: string): Promise<Response> =>
      fetch(`${api.url}/api/v1/sdk/users/${user}/logs`, { method: 'POST', headers: { Authorization: authorization } });
    for (const user of [userId, userId.toUpperCase(), userId.replaceAll('-', ''), `urn:uuid:${userId}`]) {
      expect([user, (await upload(user, token)).status]).toEqual([user, 400]);
      expect([user, (await upload(user, `bearer ${token}`)).status]).toEqual([user, 400]);
    }
    expect((await upload('nonsense', token)).status).toBe(403);
  });
});
