import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { bootstrapIdentity, PasswordHasher } from '#libs/identity';
import type { ApiClient } from '../../support/api-client.js';
import { openTestApi, type TestApi } from '../../support/api.js';
import { openMailbox, type Mailbox } from '../../support/mailbox.js';

const PASSWORD = 'correct horse battery';
const INCORRECT = { detail: 'Incorrect email or password' };
const REFUSED = { detail: 'Could not validate credentials' };

interface Tokens {
  access_token: string;
  refresh_token: string;
}

describe('developers', () => {
  let api: TestApi;
  let mailbox: Mailbox;
  let passwordHash: string;
  let email: string;

  beforeAll(async () => {
    mailbox = await openMailbox();
    const mail = { smtpUrl: mailbox.url, mailFrom: 'Platform <no-reply@example.com>' };
    api = await openTestApi({ worker: true, config: { ...mail, frontendUrl: 'https://portal.example.com' } });
    passwordHash = await new PasswordHasher().hash(PASSWORD);
  });

  afterAll(async () => {
    await api.close();
    await mailbox.close();
  });

  beforeEach(async () => {
    email = `${randomUUID()}@example.com`;
    await api.database.db.query('INSERT INTO developer (id, email, password_hash) VALUES ($1, $2, $3)', [
      randomUUID(),
      email,
      passwordHash,
    ]);
  });

  const post = (form: Record<string, string>) => api.anonymous.post('/api/v1/auth/login').type('form').send(form);
  const as = ({ access_token: token }: Tokens): ApiClient => api.anonymous.with({ Authorization: `Bearer ${token}` });

  async function login(password = PASSWORD, username = email): Promise<Tokens> {
    return (await post({ username, password }).expect(200)).body as Tokens;
  }

  /** The token of the newest link mailed to an address. */
  async function mailedToken(address: string, count = 1): Promise<string> {
    for (let turns = 0; turns < 500 && mailbox.textsFor(address).length < count; turns++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const text = mailbox.textsFor(address)[count - 1] ?? '';
    return /https:\/\/portal\.example\.com\/[a-z-]+\?token=([\w-]{43})\s/.exec(text)![1]!;
  }

  it('log in with their email in any case, as a form of either kind', async () => {
    const { body } = await post({ username: email.toUpperCase(), password: PASSWORD, grant_type: 'password' }).expect(
      200,
    );
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'bearer',
      refresh_token: expect.stringMatching(/^rt-/),
      expires_in: 3600,
    });
    const multipart = await api.anonymous
      .post('/api/v1/auth/login')
      .field('username', email)
      .field('password', PASSWORD)
      .expect(200);
    const { body: me } = await as(multipart.body as Tokens)
      .get('/api/v1/auth/me')
      .expect(200);
    expect(me).toMatchObject({ email, first_name: null, last_name: null });
  });

  it('log in as the admin of the first start', async () => {
    await api.database.db.query('DELETE FROM developer');
    const settings = { adminEmail: 'admin@example.com', adminPassword: null, bootstrapApiKey: null };
    const { adminPassword } = await bootstrapIdentity(api.database.db, settings);
    const { body } = await as(await login(adminPassword, 'Admin@Example.com'))
      .get('/api/v1/developers')
      .expect(200);
    expect(body).toHaveLength(1);
  });

  it.each<[string, (name: string) => Record<string, string>]>([
    ['a wrong password', (username) => ({ username, password: 'wrong' })],
    ['an address nobody has', () => ({ username: 'nobody@example.com', password: PASSWORD })],
    ['no password', (username) => ({ username })],
    ['an empty form', () => ({})],
    ['a password without end', (username) => ({ username, password: 'x'.repeat(5000) })],
    ['a NUL', (username) => ({ username: `${username}\0`, password: PASSWORD })],
    ['another grant', (username) => ({ username, password: PASSWORD, grant_type: 'refresh_token' })],
  ])('are refused with %s', async (_what, form) => {
    const { headers } = await post(form(email)).expect(401, INCORRECT);
    expect(headers['www-authenticate']).toBe('Bearer');
  });

  it('are refused with JSON and other bodies', async () => {
    await api.anonymous.post('/api/v1/auth/login', { username: email, password: PASSWORD }).expect(401, INCORRECT);
    await api.anonymous.post('/api/v1/auth/login').type('multipart/form-data').send('x').expect(401, INCORRECT);
    await api.anonymous.post('/api/v1/auth/login').expect(401, INCORRECT);
  });

  it('log out for good', async () => {
    const [tokens, other] = [await login(), await login()];
    await as(tokens).post('/api/v1/auth/logout').expect(200, { message: 'Successfully logged out' });
    await as(tokens).get('/api/v1/auth/me').expect(401, REFUSED);
    await api.anonymous.post('/api/v1/token/refresh', { refresh_token: tokens.refresh_token }).expect(401);
    await as(other).get('/api/v1/auth/me').expect(200);
  });

  it('change their password with the current one, which ends all sessions', async () => {
    const [tokens, other] = [await login(), await login()];
    const change = (current: string, next: string, confirm = next) =>
      as(tokens).post('/api/v1/auth/change-password', {
        current_password: current,
        new_password: next,
        confirm_password: confirm,
      });
    await change('wrong', 'another password').expect(400, { detail: 'Incorrect current password' });
    expect((await change(PASSWORD, 'another password', 'not the same').expect(400)).body.detail).toBe(
      'Value error, The confirmation password does not match the new password',
    );
    await change(PASSWORD, 'short').expect(400);
    await change(PASSWORD, 'another password').expect(200, { message: 'Password updated successfully' });
    for (const each of [tokens, other]) {
      await as(each).get('/api/v1/auth/me').expect(401, REFUSED);
      await api.anonymous.post('/api/v1/token/refresh', { refresh_token: each.refresh_token }).expect(401);
    }
    await login('another password');
    await post({ username: email, password: PASSWORD }).expect(401);
  });

  it('change themselves, of others the names alone', async () => {
    const me = as(await login());
    const { body } = await me.patch('/api/v1/auth/me', { first_name: 'Ann', email: null }).expect(200);
    expect(body).toMatchObject({ first_name: 'Ann', email });
    await me.patch('/api/v1/auth/me', { password: 'another password' }).expect(400, {
      detail: 'Incorrect current password',
    });
    const other = await api.given.developer();
    const path = `/api/v1/developers/${other.id}`;
    await me.patch('/api/v1/auth/me', { email: other.email.toUpperCase() }).expect(409, {
      detail: 'A developer with this email already exists',
    });
    expect((await me.patch(path, { last_name: 'Lee' }).expect(200)).body).toMatchObject({ last_name: 'Lee' });
    await me.patch(path, { email: 'mine@example.com' }).expect(403);
    await me.patch(path, { password: 'another password' }).expect(403);
    const unknown = randomUUID();
    await me.get(`/api/v1/developers/${unknown}`).expect(404, { detail: `Developer with ID: ${unknown} not found.` });
  });

  it('are deleted with their sessions; their applications pass on; the last one stays', async () => {
    await api.database.db.query('DELETE FROM application');
    await api.database.db.query('DELETE FROM developer WHERE email <> $1', [email]);
    const tokens = await login();
    const { body: me } = await as(tokens).get('/api/v1/auth/me').expect(200);
    await as(tokens)
      .delete(`/api/v1/developers/${me.id}`)
      .expect(409, { detail: 'The last developer cannot be deleted' });
    const { body: app } = await as(tokens).post('/api/v1/applications', { name: 'Phones' }).expect(201);
    const heir = await api.given.developer();
    await as(tokens).delete(`/api/v1/developers/${me.id}`).expect(200, me);
    await as(tokens).get('/api/v1/auth/me').expect(401, REFUSED);
    const [row] = await api.database.db.query('SELECT developer_id FROM application WHERE app_id = $1', [app.app_id]);
    expect(row).toEqual({ developer_id: heir.id });
  });

  it('set a new password by a mailed link, once; whoever asks learns nothing', async () => {
    const tokens = await login();
    const told = { message: 'If a developer has this address, a link is on its way' };
    await api.anonymous.post('/api/v1/auth/forgot-password', { email: 'nobody@example.com' }).expect(202, told);
    await api.anonymous.post('/api/v1/auth/forgot-password', { email }).expect(202, told);
    const body = { token: await mailedToken(email), new_password: 'a better password' };
    const invalid = { detail: 'Invalid or expired reset link' };
    await api.anonymous.post('/api/v1/auth/reset-password', { ...body, token: 'x' }).expect(400, invalid);
    await api.anonymous.post('/api/v1/auth/reset-password', body).expect(200);
    await api.anonymous.post('/api/v1/auth/reset-password', body).expect(400, invalid);
    await as(tokens).get('/api/v1/auth/me').expect(401);
    await login('a better password');
  });

  it('invite others by mail', async () => {
    const me = as(await login());
    const guest = `${randomUUID()}@example.com`;
    const { body: invitation } = await me.post('/api/v1/invitations', { email: guest }).expect(201);
    expect(invitation).toMatchObject({ email: guest, token: '', status: 'pending' });
    const twice = { detail: 'A pending invitation already exists for this email' };
    await me.post('/api/v1/invitations', { email: guest.toUpperCase() }).expect(400, twice);
    await me.post('/api/v1/invitations', { email }).expect(400, {
      detail: 'A developer with this email already exists',
    });
    const first = await mailedToken(guest);
    await me.post(`/api/v1/invitations/${invitation.id}/resend`).expect(200);
    const second = await mailedToken(guest, 2);
    const person = { first_name: ' Bo ', last_name: 'Li', password: 'bo’s password' };
    const accept = (token: string) => api.anonymous.post('/api/v1/invitations/accept', { ...person, token });
    await accept(first).expect(404, { detail: 'Invitation not found' });
    const answers = await Promise.all([accept(second), accept(second)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 400]);
    await accept(second).expect(400, { detail: 'Invitation is accepted' });
    const { body } = await as(await login(person.password, guest))
      .get('/api/v1/auth/me')
      .expect(200);
    expect(body).toMatchObject({ email: guest, first_name: 'Bo', last_name: 'Li' });
    await me.delete(`/api/v1/invitations/${invitation.id}`).expect(400, {
      detail: 'Cannot revoke invitation with status: accepted',
    });
  });

  it('take invitations back; late guests are turned away', async () => {
    const me = as(await login());
    const { body: one } = await me.post('/api/v1/invitations', { email: `${randomUUID()}@example.com` }).expect(201);
    await me.delete(`/api/v1/invitations/${one.id}`).expect(200);
    await me.post(`/api/v1/invitations/${one.id}/resend`).expect(400, {
      detail: 'Cannot resend invitation with status: revoked',
    });
    const guest = `${randomUUID()}@example.com`;
    const { body: late } = await me.post('/api/v1/invitations', { email: guest }).expect(201);
    const token = await mailedToken(guest);
    await api.database.db.query('UPDATE team_invitation SET expires_at = now() WHERE id = $1', [late.id]);
    const person = { token, first_name: 'Bo', last_name: 'Li', password: 'bo’s password' };
    await api.anonymous.post('/api/v1/invitations/accept', person).expect(400, { detail: 'Invitation has expired' });
    await api.anonymous.post('/api/v1/invitations/accept', person).expect(400, { detail: 'Invitation is expired' });
    await me.delete(`/api/v1/invitations/${randomUUID()}`).expect(404, { detail: 'Invitation not found' });
    expect((await me.get('/api/v1/invitations').expect(200)).body).toEqual([]);
  });

  it('answer others while fifty strangers guess passwords', async () => {
    const me = as(await login());
    let isGuessing = true;
    const guesses = Promise.all(
      Array.from({ length: 50 }, (_, n) => post({ username: email, password: `guess ${n}` }).expect(401)),
    ).then(() => {
      isGuessing = false;
    });
    for (let n = 0; n < 5; n++) await me.get('/api/v1/auth/me').expect(200);
    expect(isGuessing).toBe(true);
    await guesses;
  });
});
