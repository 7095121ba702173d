import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PasswordHasher } from '#libs/identity';
import { configureLogging } from '#libs/observability';
import { SecretBox } from '#libs/secrets';
import { openTestApi } from '../../support/api.js';
import { openMailbox, type Mailbox } from '../../support/mailbox.js';
import { readableSecrets } from '../../support/secrets-at-rest.js';
import { openCloudApi, type CloudApi } from '../providers/cloud.js';

const PASSWORD = 'correct-horse-battery-staple';
const NEW_PASSWORD = 'another-horse-battery-staple';
const PERSON = { first_name: 'Bo', last_name: 'Li', password: 'guests-own-password' };

describe('secrets', () => {
  let api: CloudApi;
  let mailbox: Mailbox;
  let lines: string[];
  const secrets = new Map<string, string>();
  const email = `${randomUUID()}@example.com`;
  /** No secret: it must be found where the secrets must not. */
  const openly = `openly-${randomUUID()}`;

  beforeAll(async () => {
    mailbox = await openMailbox();
    const mail = { smtpUrl: mailbox.url, mailFrom: 'no-reply@example.com' };
    api = await openCloudApi({ ...mail, accessLogLevel: 'all', outgoingWebhooksEnabled: true });
    lines = [];
    configureLogging({ level: 'trace', service: 'test' }, { write: (text) => void lines.push(text) });
    await api.database.db.query('INSERT INTO developer (id, email, password_hash) VALUES ($1, $2, $3)', [
      randomUUID(),
      email,
      await new PasswordHasher().hash(PASSWORD),
    ]);
    await makeOneOfEverything();
    await connectVendor();
    await makeHooks();
  });

  afterAll(async () => {
    await api.close();
    await mailbox.close();
  });

  async function mailedToken(address: string): Promise<string> {
    for (let turns = 0; turns < 500 && mailbox.textsFor(address).length === 0; turns++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return /token=([\w-]{43})\s/.exec(mailbox.textsFor(address)[0] ?? '')![1]!;
  }

  const keep = (name: string, secret: string): string => {
    secrets.set(name, secret);
    return secret;
  };

  const keepPair = (name: string, pair: { access_token: string; refresh_token: string }): string => {
    keep(`${name}: refresh token`, pair.refresh_token);
    return keep(`${name}: access token`, pair.access_token);
  };

  async function makeOneOfEverything(): Promise<void> {
    const user = await api.given.user();
    const ask = api.anonymous;
    keep('the password', PASSWORD);
    keep('the new password', NEW_PASSWORD);
    keep("the guest's password", PERSON.password);
    keep('the API key of the tests', api.apiKey);
    const login = (password: string) => ask.post('/api/v1/auth/login').type('form').send({ username: email, password });
    const me = ask.with({ Authorization: `Bearer ${keepPair('login', (await login(PASSWORD).expect(200)).body)}` });
    await login(`${PASSWORD}-wrong`).expect(401);

    const { body: key } = await me.post('/api/v1/developer/api-keys', { name: 'k' }).expect(201);
    await ask
      .with({ 'X-API-Key': keep('API key', key.id) })
      .get('/api/v1/users')
      .expect(200);
    await me.patch(`/api/v1/developer/api-keys/${key.id}`, { name: 'renamed' }).expect(200);
    const { body: rotated } = await me.post(`/api/v1/developer/api-keys/${key.id}/rotate`).expect(201);
    keep('rotated API key', rotated.id);
    await me.delete(`/api/v1/developer/api-keys/${rotated.id}`).expect(200);

    const { body: app } = await me.post('/api/v1/applications', { name: 'app' }).expect(201);
    const { body: renewed } = await me.post(`/api/v1/applications/${app.app_id}/rotate-secret`).expect(200);
    keep('application secret', app.app_secret);
    const credentials = { app_id: app.app_id, app_secret: keep('rotated application secret', renewed.app_secret) };
    const { body: minted } = await ask.post(`/api/v1/users/${user.id}/token`, credentials).expect(200);
    keepPair('minted', minted);
    const { body: refreshed } = await ask
      .post('/api/v1/token/refresh', { refresh_token: minted.refresh_token })
      .expect(200);
    const phone = ask.with({ Authorization: `Bearer ${keepPair('refreshed', refreshed)}` });
    const events = [{ eventType: 'device_state', timestamp: '2031-05-02T12:00:00Z' }];
    await phone.post(`/api/v1/sdk/users/${user.id}/logs`, { sdkVersion: '1.0', events }).expect(202);

    const { body: made } = await me.post(`/api/v1/users/${user.id}/invitation-code`).expect(201);
    const { body: paired } = await ask
      .post('/api/v1/invitation-code/redeem', { code: keep('code', made.code) })
      .expect(200);
    keepPair('paired', paired);
    await ask.post('/api/v1/token/revoke', { refresh_token: paired.refresh_token }).expect(204);

    const guest = `${randomUUID()}@example.com`;
    await me.post('/api/v1/invitations', { email: guest }).expect(201);
    const token = keep('invitation token', await mailedToken(guest));
    await ask.post('/api/v1/invitations/accept', { ...PERSON, token }).expect(201);
    await ask.post('/api/v1/auth/forgot-password', { email }).expect(202);
    const link = keep('reset token', await mailedToken(email));
    await ask.post('/api/v1/auth/reset-password', { token: link, new_password: NEW_PASSWORD }).expect(200);
    await me.get('/api/v1/auth/me').expect(401);
  }

  async function connectVendor(): Promise<void> {
    const user = await api.given.user({ externalUserId: openly });
    const { body: offer } = await api.anonymous
      .get(`/api/v1/oauth/strava/authorize?user_id=${user.id}&redirect_uri=https://x.example/${openly}`)
      .expect(200);
    keep('OAuth state', new URL((offer as { authorization_url: string }).authorization_url).searchParams.get('state')!);
    await api.connect(user, 'whoop', 1);
    await api.settle();
    const [connection] = await api.database.db.query<{ access: string; refresh: string }>(
      `SELECT access_token_encrypted AS access, refresh_token_encrypted AS refresh FROM connection WHERE user_id = $1`,
      [user.id],
    );
    const box = api.app.get(SecretBox);
    keep("vendor's access token", box.open(connection!.access, 'connection.access-token'));
    keep("vendor's refresh token", box.open(connection!.refresh, 'connection.refresh-token'));
    for (const [vendor, { application }] of Object.entries(api.simulator.clouds)) {
      keep(`client secret at ${vendor}`, application.clientSecret);
    }
    keep('the secret key', api.config.secretKey!);
  }

  async function makeHooks(): Promise<void> {
    const { client } = api;
    const endpoint = { url: 'https://hooks.example/x', description: openly };
    const { body: made } = await client.post('/api/v1/webhooks/endpoints', endpoint).expect(201);
    const path = `/api/v1/webhooks/endpoints/${(made as { id: string }).id}`;
    const secretOf = async (): Promise<string> => (await client.get(`${path}/secret`).expect(200)).body.key;
    keep('webhook secret', await secretOf());
    await client.post(`${path}/secret/rotate`).expect(200);
    keep('rotated webhook secret', await secretOf());
    const user = await api.given.user();
    const { body: form } = await client
      .post(`/api/v1/users/${user.id}/import/apple/xml/s3`, { filename: 'export.xml' })
      .expect(200);
    keep('upload token', (form as { form_fields: Record<string, string> }).form_fields['x-upload-token']!);
  }

  it('of every kind were made', () => {
    expect(secrets.size).toBeGreaterThanOrEqual(30);
    expect([...secrets].filter(([, secret]) => !secret || secret.length < 8)).toEqual([]);
  });

  it('are in no table', async () => {
    const { db } = api.database;
    const sought = new Map(secrets).set('what is open', openly);
    const tables = await db.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    expect(tables.length).toBeGreaterThan(20);
    const found: string[] = [];
    for (const { name } of tables) {
      // Bytes show as hex in the text of a row, so secrets are looked for in that spelling too.
      const rows = await db.query<{ secret: string }>(
        `SELECT secret FROM unnest($1::text[], $2::text[], $3::text[]) AS s (secret, plain, hex)
         WHERE EXISTS (SELECT FROM ${name} t WHERE strpos(t::text, plain) > 0 OR strpos(t::text, hex) > 0)`,
        [
          [...sought.keys()],
          [...sought.values()],
          [...sought.values()].map((secret) => Buffer.from(secret).toString('hex')),
        ],
      );
      found.push(...rows.map(({ secret }) => `${secret} in ${name}`));
    }
    expect(found.sort()).toEqual(
      ['oauth_state', 'users', 'webhook_endpoint'].map((name) => `what is open in public.${name}`),
    );
  });

  it('would be found in any table after any test', async () => {
    const { db } = api.database;
    expect(await readableSecrets(db)).toEqual([]);
    for (const name of [
      'API key',
      'login: refresh token',
      'login: access token',
      'application secret',
      'webhook secret',
    ]) {
      await db.query('CREATE TABLE leak AS SELECT $1::text AS text', [`{"it": "${secrets.get(name)!}"}`]);
      expect([name, await readableSecrets(db)]).toEqual([name, ['public.leak']]);
      await db.query('DROP TABLE leak');
    }
  });

  it('are in no line of the log', () => {
    const log = lines.join('\n');
    const found = [...secrets].filter(([, secret]) => log.includes(secret)).map(([name]) => name);
    expect(found).toEqual([]);
    // What went through the same requests is there.
    for (const open of ['/api/v1/auth/login', '/api/v1/oauth/whoop/callback', 'sync_status', 'pull_']) {
      expect(log).toContain(open);
    }
  });
});

describe('without a mail server', () => {
  it('a link is told to the inviter, and once in the log for the operator', async () => {
    const api = await openTestApi({ config: { logLevel: 'info' } });
    try {
      const lines: string[] = [];
      configureLogging({ level: 'info', service: 'test' }, { write: (text) => void lines.push(text) });
      const { body } = await api.developer.post('/api/v1/invitations', { email: 'guest@example.com' }).expect(201);
      expect(body).toMatchObject({ status: 'pending', token: expect.stringMatching(/^[\w-]{43}$/) });
      expect(lines.filter((line) => line.includes(`/accept-invite?token=${body.token}`))).toHaveLength(1);
      expect((await api.developer.get('/api/v1/invitations').expect(200)).body).toEqual([{ ...body, token: '' }]);
      await api.anonymous.post('/api/v1/invitations/accept', { ...PERSON, token: body.token }).expect(201);
    } finally {
      await api.close();
    }
  });
});
