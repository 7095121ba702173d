import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import { MailError, Mailer } from '#libs/mail';

describe('Mailer', () => {
  let server: SMTPServer;
  let port: number;
  let received: { from: string; to: string[]; text: string }[];

  beforeAll(async () => {
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) =>
        username === 'app' && password === 'right' ? done(null, { user: 'app' }) : done(new Error('wrong password')),
      onRcptTo: ({ address }, _session, done) =>
        address.startsWith('unknown@') ? done(new Error('no such mailbox')) : done(),
      onData: (stream, { envelope }, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const from = envelope.mailFrom ? envelope.mailFrom.address : '';
          received.push({
            from,
            to: envelope.rcptTo.map(({ address }) => address),
            text: Buffer.concat(chunks).toString(),
          });
          done();
        });
      },
    });
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.server.address() as AddressInfo).port;
  });
  afterAll(() => new Promise<void>((resolve) => server.close(resolve)));
  beforeEach(() => {
    received = [];
  });

  const mailer = (login = ''): Mailer =>
    new Mailer({ smtpUrl: `smtp://${login}127.0.0.1:${port}`, mailFrom: 'Platform <no-reply@example.com>' });
  const mail = { to: 'ann@example.com', subject: 'Wilkommen, Ann', text: 'https://example.com/invite?token=abc\n' };

  it('sends', async () => {
    expect(await mailer('app:right@').send(mail)).toBe('sent');
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({ from: 'no-reply@example.com', to: ['ann@example.com'] });
    expect(received[0]!.text).toMatch(/^From: Platform <no-reply@example\.com>/m);
    expect(received[0]!.text).toMatch(/^Subject: Wilkommen, Ann/m);
    expect(received[0]!.text).toContain('https://example.com/invite?token=abc');
  });

  it('says so when there is no server', async () => {
    const none = new Mailer({ smtpUrl: null, mailFrom: null });
    expect(none.isConfigured).toBe(false);
    expect(await none.send(mail)).toBe('not-configured');
  });

  it('sends to one recipient, whatever the address looks like', async () => {
    await mailer()
      .send({ ...mail, to: 'ann@example.com,eve@example.com' })
      .catch(() => undefined);
    expect(received.flatMap(({ to }) => to)).not.toContain('eve@example.com');
  });

  it('puts no header of its own into a mail', async () => {
    await mailer().send({ ...mail, subject: 'Hi\r\nBcc: eve@example.com' });
    expect(received[0]!.to).toEqual(['ann@example.com']);
    expect(received[0]!.text).not.toMatch(/^Bcc:/m);
  });

  it.each([
    ['refused', () => mailer().send({ ...mail, to: 'unknown@example.com' })],
    ['unauthorized', () => mailer('app:wrong@').send(mail)],
    ['unreachable', () => new Mailer({ smtpUrl: 'smtp://127.0.0.1:1', mailFrom: 'a@b.example' }).send(mail)],
  ])('throws a typed error: %s', async (reason, send) => {
    const error = await send().catch((problem: unknown) => problem);
    expect(error).toBeInstanceOf(MailError);
    expect(error).toMatchObject({ reason, message: `The mail was not sent: ${reason}.` });
  });
});
