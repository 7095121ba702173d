import { request } from 'node:http';
import { createHmac, randomUUID, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Sessions } from '#libs/identity';
import { SigningKeys } from '../../../libs/identity/src/access/signing-keys.js';
import { openTestApi, type TestApi } from '../../support/api.js';

type Json = Record<string, unknown>;

const encoded = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const parts = (token: string): [Json, Json, string] => {
  const [head, body, signature] = token.split('.') as [string, string, string];
  const read = (text: string) => JSON.parse(Buffer.from(text, 'base64url').toString()) as Json;
  return [read(head), read(body), signature];
};

/** Of now, of before, and of before that. */
const SECRETS = [
  'the secret of now, long enough',
  'the secret of before, long enough',
  'a secret long forgotten',
] as const;

describe('forged tokens', () => {
  let api: TestApi;
  let keys: SigningKeys;
  let userId: string;
  let developer: string;
  let phone: string;

  beforeAll(async () => {
    api = await openTestApi({ config: { secretKey: SECRETS[0], secretKeyPrevious: SECRETS[1] } });
    keys = api.app.get(SigningKeys, { strict: false });
    userId = (await api.given.user()).id;
    const sessions = api.app.get(Sessions);
    const now = new Date();
    developer = api.developerToken;
    const owner = { kind: 'sdk', userId, appId: 'app_x', applicationId: null, developerId: null } as const;
    phone = (await sessions.open(owner, now)).access_token;
  });

  afterAll(() => api.close());

  /** Status of a request with this very header, sent byte by byte as given. */
  const statusOf = (path: string, authorization: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const sent = request(`${api.url}${path}`, { headers: {} }, (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      });
      sent.setHeader('Authorization', Buffer.from(authorization, 'utf8').toString('latin1'));
      sent.on('error', reject);
      sent.end();
    });

  const DEVELOPERS = '/api/v1/auth/me';
  const ANYBODY = '/api/v1/users';

  const signed = (head: unknown, body: unknown, key: Buffer | KeyObject): string => {
    const text = `${encoded(head)}.${encoded(body)}`;
    return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
  };

  /** A developer's token with changed claims, signed with the right key. */
  const changed = (claims: Json, head: Json = {}): string => {
    const [goodHead, goodBody] = parts(developer);
    return signed({ ...goodHead, ...head }, { ...goodBody, ...claims }, keys.current('developer-token').key);
  };

  it('are told from real ones', async () => {
    expect(await statusOf(DEVELOPERS, `Bearer ${developer}`)).toBe(200);
    expect(await statusOf(DEVELOPERS, `bEaReR   ${developer}`)).toBe(200);
    expect(await statusOf(DEVELOPERS, `Bearer ${changed({})}`)).toBe(200);
    expect(parts(developer)[1]).toEqual({
      typ: 'developer-access',
      aud: 'developers',
      sub: api.developerId,
      sid: expect.any(String),
      iat: expect.any(Number),
      exp: expect.any(Number),
    });
    expect(parts(phone)[1]).toMatchObject({
      typ: 'sdk-access',
      aud: 'sdk',
      sub: userId,
      scope: 'sdk',
      app_id: 'app_x',
    });
  });

  it('are told from those signed before the secret was changed, once', async () => {
    const under = (secret: string, kind: 'developer-token' | 'sdk-token'): string => {
      const { id, key } = new SigningKeys({ secretKey: secret, secretKeyPrevious: null, dataDir: '' }).current(kind);
      const [head, body] = parts(kind === 'developer-token' ? developer : phone);
      return `Bearer ${signed({ ...head, kid: id }, body, key)}`;
    };
    const [now, before, forgotten] = SECRETS;
    for (const [secret, status] of [
      [now, 200],
      [before, 200],
      [forgotten, 401],
    ] as const) {
      expect([secret, await statusOf(DEVELOPERS, under(secret, 'developer-token'))]).toEqual([secret, status]);
    }
    const upload = async (secret: string): Promise<number> => {
      const headers = { Authorization: under(secret, 'sdk-token') };
      return (await fetch(`${api.url}/api/v1/sdk/users/${userId}/logs`, { method: 'POST', headers })).status;
    };
    expect([await upload(now), await upload(before), await upload(forgotten)]).toEqual([400, 400, 401]);
  });

  it('with changed claims or heads are refused', async () => {
    const [head, body] = parts(developer);
    const [phoneHead, phoneBody] = parts(phone);
    const key = keys.current('developer-token').key;
    const forgeries: Record<string, string> = {
      'no algorithm': `${encoded({ alg: 'none', typ: 'JWT' })}.${encoded(body)}.`,
      'no algorithm, signed': signed({ ...head, alg: 'none' }, body, key),
      'another algorithm': signed({ ...head, alg: 'HS512' }, body, key),
      'an asymmetric algorithm': signed({ ...head, alg: 'RS256' }, body, key),
      'an unknown algorithm': signed({ ...head, alg: '\u0000' }, body, key),
      'another key': signed(head, body, Buffer.alloc(32)),
      'the key of phones': signed(head, body, keys.current('sdk-token').key),
      'the key of phones, named': signed(phoneHead, body, keys.current('sdk-token').key),
      'no key id': signed({ alg: 'HS256', typ: 'JWT' }, body, key),
      'a path for a key id': changed({}, { kid: '../../../dev/null' }),
      'a number for a key id': changed({}, { kid: 7 }),
      'an object for a key id': changed({}, { kid: { id: 1 } }),
      'a critical extension': changed({}, { crit: ['b64'], b64: false }) + 'x',
      'the claims of a phone': signed(head, phoneBody, key),
      'another type': changed({ typ: 'sdk-access' }),
      'no type': changed({ typ: undefined }),
      'another audience': changed({ aud: 'sdk' }),
      'no audience': changed({ aud: undefined }),
      'no end': changed({ exp: undefined }),
      'an end in words': changed({ exp: 'tomorrow' }),
      'an end in the past': changed({ exp: 1 }),
      'an end beyond numbers': signed(head, JSON.stringify(body).replace(/"exp":\d+/, '"exp":1e999'), key),
      'a beginning in the future': changed({ nbf: 9_999_999_999 }),
      'no session': changed({ sid: undefined }),
      'a session that is no id': changed({ sid: "' OR 1=1 --" }),
      'another session': changed({ sid: randomUUID() }),
      'no subject': changed({ sub: undefined }),
      'a subject that is no id': changed({ sub: 'None' }),
      'a subject that is a list': changed({ sub: [api.developerId] }),
      'another subject': changed({ sub: randomUUID() }),
      'a session of a phone': changed({ sid: phoneBody['sid'] }),
      'a NUL in the subject': changed({ sub: `${api.developerId}\0` }),
      'text for claims': signed(head, '"text"', key),
      'a list for claims': signed(head, '[]', key),
      'null for claims': signed(head, 'null', key),
      'no JSON for claims': signed(head, '{', key),
      'no JSON for a head': signed('{', body, key),
      'a head of null': signed('null', body, key),
      'no signature': developer.split('.').slice(0, 2).join('.'),
      'an empty signature': `${developer.split('.').slice(0, 2).join('.')}.`,
      'a part too many': `${developer}.x`,
      'two tokens': `${developer}, Bearer ${developer}`,
      'a blank inside': developer.replace('.', ' .'),
      'great length': `${developer}${'A'.repeat(9000)}`,
      'great length of dots': '.'.repeat(9000),
      'other letters': `${developer.slice(0, -2)}\u{1F511}`,
      'another script': 'ключ.ключ.ключ',
      'a control character': `${developer}\u0080`,
    };
    for (const [name, token] of Object.entries(forgeries)) {
      expect([name, await statusOf(DEVELOPERS, `Bearer ${token}`)]).toEqual([name, 401]);
      expect([name, await statusOf(ANYBODY, `Bearer ${token}`)]).toEqual([name, 401]);
    }
  });

  it('of any make are refused', async () => {
    const [head, body] = [developer.split('.')[0]!, developer.split('.')[1]!];
    const piece = fc.oneof(
      fc.constantFrom(head, body, '', 'e30', 'bnVsbA'),
      fc.json().map(encoded),
      fc.base64String().map((text) => text.replaceAll('=', '')),
      fc.string({ maxLength: 40 }).map((text) => text.replace(/[^\x20-\x7e]/g, '')),
    );
    const scheme = fc.constantFrom('Bearer ', 'bearer ', 'Basic ', 'Bearer', '', 'Bearer  ', 'Token ');
    await fc.assert(
      fc.asyncProperty(scheme, piece, piece, piece, async (word, one, two, three) => {
        expect(await statusOf(DEVELOPERS, `${word}${one}.${two}.${three}`)).toBe(401);
      }),
      { numRuns: 150 },
    );
  });

  it('with one character changed are refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(developer.length - 2), fc.constantFrom('A', 'b', '7', '_', '-'), async (at, letter) => {
        fc.pre(developer[at] !== letter && developer[at] !== '.');
        const token = developer.slice(0, at) + letter + developer.slice(at + 1);
        expect(await statusOf(DEVELOPERS, `Bearer ${token}`)).toBe(401);
      }),
      { numRuns: 100 },
    );
  });

  it('in place of API keys are refused', async () => {
    for (const key of [randomUUID(), 'sk-', '%00', 'x'.repeat(9000), developer, "' OR ''='"]) {
      const answer = await fetch(`${api.url}${ANYBODY}`, { headers: { 'X-Open-Wearables-API-Key': key } });
      expect([key.slice(0, 40), answer.status, await answer.json()]).toEqual([
        key.slice(0, 40),
        401,
        { detail: 'Invalid or missing API key' },
      ]);
    }
  });
});
