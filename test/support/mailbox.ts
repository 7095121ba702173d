import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A mail server that keeps what it gets. */
export interface Mailbox {
  /** For `SMTP_URL`. */
  url: string;
  /** Texts received for an address, oldest first. */
  textsFor(address: string): string[];
  close(): Promise<void>;
}

export async function openMailbox(): Promise<Mailbox> {
  const received: { to: string[]; text: string }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        received.push({ to: envelope.rcptTo.map(({ address }) => address), text: decoded(Buffer.concat(chunks)) });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    textsFor: (address) => received.filter(({ to }) => to.includes(address)).map(({ text }) => text),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Long lines arrive folded as quoted-printable. */
const decoded = (mail: Buffer): string =>
  mail
    .toString('utf8')
    .replace(/=\r?\n/g, '')
    .replaceAll('=3D', '=');
