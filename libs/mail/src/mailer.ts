import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createTransport, type Transporter } from 'nodemailer';
import { CONFIG, type AppConfig } from '#libs/config';
import { MailError } from './mail-error.js';

export interface Mail {
  /** One email address. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

const CONNECT_MS = 10_000;
const SILENCE_MS = 20_000;

/** Sends mail through SMTP_URL. */
@Injectable()
export class Mailer implements OnApplicationShutdown {
  private readonly transport: Transporter | null;

  constructor(@Inject(CONFIG) { smtpUrl, mailFrom }: Pick<AppConfig, 'smtpUrl' | 'mailFrom'>) {
    this.transport =
      smtpUrl === null
        ? null
        : createTransport(
            {
              url: smtpUrl,
              connectionTimeout: CONNECT_MS,
              greetingTimeout: CONNECT_MS,
              socketTimeout: SILENCE_MS,
              disableFileAccess: true,
              disableUrlAccess: true,
            },
            { from: mailFrom ?? undefined },
          );
  }

  /** Whether there is a server to send through. */
  get isConfigured(): boolean {
    return this.transport !== null;
  }

  /**
   * Answers once the server has taken the mail.
   * @throws MailError when it does not take it
   */
  async send({ to, subject, text }: Mail): Promise<'sent' | 'not-configured'> {
    if (!this.transport) return 'not-configured';
    try {
      // An address object is taken as it is; text would be parsed and might name several recipients.
      await this.transport.sendMail({ to: { name: '', address: to }, subject, text });
      return 'sent';
    } catch (error) {
      throw new MailError(error);
    }
  }

  onApplicationShutdown(): void {
    this.transport?.close();
  }
}
