import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Database } from '#libs/database';
import { ForgottenPasswords, InvitationMail, Joining, Logins, PasswordHasher, PasswordResets } from '#libs/identity';
import { Mailer } from '#libs/mail';
import type { JobQueue } from '#libs/queue';
import { DevelopersRepository } from '../../../libs/identity/src/developers/developers.repository.js';
import { SessionsRepository } from '../../../libs/identity/src/sessions/sessions.repository.js';
import { TeamInvitationsRepository } from '../../../libs/identity/src/team/team-invitations.repository.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { openMailbox, type Mailbox } from '../../support/mailbox.js';
import { identityOn } from './identity-world.js';

const NOON = new Date('2031-05-02T12:00:00Z');
const PASSWORD = 'correct horse battery';
const NEW = 'a better password';

/** Notes what it compares passwords with. */
class NotingHasher extends PasswordHasher {
  readonly compared: string[] = [];

  protected override compare(passwordHash: string, password: string): Promise<boolean> {
    this.compared.push(passwordHash);
    return super.compare(passwordHash, password);
  }
}

describe('developers', () => {
  let database: TestDatabase;
  let mailbox: Mailbox;
  let passwordHash: string;
  let id: string;
  let email: string;

  beforeAll(async () => {
    [database, mailbox] = await Promise.all([openTestDatabase(), openMailbox()]);
    passwordHash = await new PasswordHasher().hash(PASSWORD);
  });
  afterAll(async () => {
    await database.close();
    await mailbox.close();
  });
  beforeEach(async () => {
    [id, email] = [randomUUID(), `${randomUUID()}@example.com`];
    await database.db.query('INSERT INTO developer (id, email, password_hash) VALUES ($1, $2, $3)', [
      id,
      email,
      passwordHash,
    ]);
  });

  /** The database with every statement noted. */
  const noting = (statements: string[]): Database =>
    new Proxy(database.db, {
      get: (db, name) =>
        name === 'query'
          ? (text: string, values: unknown[]) => {
              statements.push(text);
              return db.query(text, values);
            }
          : (Reflect.get(db, name) as unknown),
    });

  describe('who are strangers cost as much as a wrong password', () => {
    /** What a login did: statements, and the algorithm and cost of each comparison. */
    async function workOf(username: string, password: string): Promise<{ statements: string[]; costs: string[] }> {
      const statements: string[] = [];
      const hasher = new NotingHasher();
      const logins = new Logins(new DevelopersRepository(noting(statements)), hasher, identityOn(database.db).sessions);
      await logins.login(username, password, NOON).catch((error: unknown) => {
        expect(error).toMatchObject({ status: 401, detail: 'Incorrect email or password' });
      });
      return { statements, costs: hasher.compared.map((hash) => hash.split('$').slice(0, 4).join('$')) };
    }

    it('in statements and in hashing', async () => {
      const wrong = await workOf(email, 'wrong');
      expect(wrong.statements).toHaveLength(1);
      expect(wrong.costs).toEqual([passwordHash.split('$').slice(0, 4).join('$')]);
      expect(await workOf('nobody@example.com', 'wrong')).toEqual(wrong);
      expect(await workOf(email, PASSWORD)).toEqual(wrong);
    });

    it('and have no password that could be guessed', async () => {
      const hasher = new NotingHasher();
      expect(await hasher.verify(null, 'nobody')).toBe(false);
      expect(hasher.compared).toHaveLength(1);
    });

    it('when they forgot it, too: the same statement, the same job, and nothing is sent meanwhile', async () => {
      const works: object[] = [];
      for (const address of [email.toUpperCase(), 'nobody@example.com']) {
        const [statements, jobs] = [[] as string[], [] as unknown[][]];
        const queue = { add: (...job: unknown[]) => Promise.resolve(void jobs.push(job)) } as unknown as JobQueue;
        await new ForgottenPasswords(new DevelopersRepository(noting(statements)), queue).ask(address);
        works.push({ statements, jobs });
      }
      const [known, unknown] = works;
      expect(known).toMatchObject({ jobs: [['mail.password-reset', { developerId: id }]] });
      expect(unknown).toEqual({ ...known, jobs: [['mail.password-reset', { developerId: null }]] });
    });
  });

  it('are hashed for off the event loop', async () => {
    const hasher = new PasswordHasher();
    const order: string[] = [];
    const hashing = Promise.all(Array.from({ length: 6 }, () => hasher.verify(passwordHash, 'wrong'))).then(() =>
      order.push('hashed'),
    );
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    order.push('others had their turns');
    await hashing;
    expect(order).toEqual(['others had their turns', 'hashed']);
  });

  describe('are mailed by jobs that may run twice', () => {
    const mailer = (): Mailer => new Mailer({ smtpUrl: mailbox.url, mailFrom: 'no-reply@example.com' });
    const away = { isConfigured: true, send: () => Promise.reject(new Error('away')) } as unknown as Mailer;
    const config = { frontendUrl: 'https://portal.example.com' };
    const tokens = (address: string): string[] =>
      mailbox.textsFor(address).map((text) => /token=([\w-]{43})\s/.exec(text)![1]!);
    const invitations = (): TeamInvitationsRepository => new TeamInvitationsRepository(database.db);
    const invitationMail = (through = mailer()): InvitationMail =>
      new InvitationMail(database.db, invitations(), through, config);
    const joining = (): Joining =>
      new Joining(database.db, invitations(), new DevelopersRepository(database.db), new PasswordHasher());
    const accept = (token: string): Promise<unknown> =>
      joining().accept({ token, firstName: 'Bo', lastName: 'Li', password: NEW }, NOON);

    async function invite(): Promise<{ guest: string; invitationId: string }> {
      const [guest, invitationId] = [`${randomUUID()}@example.com`, randomUUID()];
      const expiresAt = new Date('2031-05-09T12:00:00Z');
      const row = {
        id: invitationId,
        email: guest,
        tokenHash: Buffer.from(guest),
        invitedBy: id,
        expiresAt,
        now: NOON,
      };
      await invitations().insert(row);
      return { guest, invitationId };
    }

    it('an invitation is sent once', async () => {
      const { guest, invitationId } = await invite();
      await invitationMail().send(invitationId, false);
      await invitationMail().send(invitationId, false);
      expect(tokens(guest)).toHaveLength(1);
      expect(await invitations().byId(invitationId)).toMatchObject({ status: 'sent' });
      await expect(accept(tokens(guest)[0]!)).resolves.toMatchObject({ email: guest });
    });

    it('and again when the worker died before it could say so: then the newest link is good', async () => {
      const { guest, invitationId } = await invite();
      await invitationMail().send(invitationId, false);
      await database.db.query(`UPDATE team_invitation SET status = 'pending' WHERE id = $1`, [invitationId]);
      await invitationMail().send(invitationId, false);
      const [first, second] = tokens(guest);
      await expect(accept(first!)).rejects.toMatchObject({ status: 404 });
      await expect(accept(second!)).resolves.toMatchObject({ email: guest });
    });

    it('and has failed only when the last try did, and is sent to nobody who was uninvited', async () => {
      const { guest, invitationId } = await invite();
      await expect(invitationMail(away).send(invitationId, false)).rejects.toThrow('away');
      expect(await invitations().byId(invitationId)).toMatchObject({ status: 'pending' });
      await expect(invitationMail(away).send(invitationId, true)).rejects.toThrow('away');
      expect(await invitations().byId(invitationId)).toMatchObject({ status: 'failed' });
      await invitations().move(database.db, invitationId, ['failed'], 'revoked');
      await invitationMail().send(invitationId, false);
      expect(tokens(guest)).toEqual([]);
    });

    it('a reset is sent each time, and the newest link is good, once', async () => {
      const developers = new DevelopersRepository(database.db);
      const sessions = new SessionsRepository(database.db);
      const resets = new PasswordResets(database.db, developers, sessions, new PasswordHasher(), mailer(), config);
      await resets.send(id, NOON);
      await resets.send(id, NOON);
      await resets.send(randomUUID(), NOON);
      const [first, second, ...others] = tokens(email);
      expect(others).toEqual([]);
      const invalid = { status: 400, detail: 'Invalid or expired reset link' };
      await expect(resets.reset(first!, NEW, NOON)).rejects.toMatchObject(invalid);
      await expect(resets.reset(second!, NEW, new Date('2031-05-02T13:00:00Z'))).rejects.toMatchObject(invalid);
      await developers.update(database.db, id, { firstName: 'Ann', lastName: null, email: null, passwordHash: null });
      const both = await Promise.allSettled([resets.reset(second!, NEW, NOON), resets.reset(second!, NEW, NOON)]);
      expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('a link ends with the password and the address it was made for', async () => {
      const developers = new DevelopersRepository(database.db);
      const sessions = new SessionsRepository(database.db);
      const resets = new PasswordResets(database.db, developers, sessions, new PasswordHasher(), mailer(), config);
      const same: Parameters<DevelopersRepository['update']>[2] = {
        firstName: null,
        lastName: null,
        email: null,
        passwordHash: null,
      };
      const changes = [
        { ...same, passwordHash },
        { ...same, email: `${randomUUID()}@example.com` },
      ];
      for (const change of changes) {
        const { email: address } = (await developers.byId(id))!;
        await resets.send(id, NOON);
        await developers.update(database.db, id, change);
        await expect(resets.reset(tokens(address).at(-1)!, NEW, NOON)).rejects.toMatchObject({ status: 400 });
      }
    });
  });
});
