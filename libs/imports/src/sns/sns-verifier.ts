import { verify } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '#libs/config';
import { Failure } from '#libs/model';
import { logger } from '#libs/observability';
import { certificateUrl } from './amazon-url.js';
import { signedText } from './signed-text.js';
import { SnsCertificates } from './sns-certificates.js';
import type { SnsMessage } from './sns-message.js';

/** Amazon sends the same message again for an hour at most. */
const OLDEST_MS = 3600 * 1000;
/** Clocks may differ. */
const NEWEST_MS = 5 * 60 * 1000;

/** Believes a message when Amazon has signed it, just now and for our topic. */
@Injectable()
export class SnsVerifier {
  constructor(
    private readonly certificates: SnsCertificates,
    @Inject(CONFIG) private readonly config: AppConfig,
  ) {}

  /** `now` in milliseconds. @throws Failure 403 `invalid SNS signature`, `invalid SNS topic ARN`, `stale SNS message` */
  async check(message: SnsMessage, now: number): Promise<void> {
    if (!(await this.isSigned(message, now))) throw new Failure(403, 'invalid SNS signature');
    if (this.config.snsTopicArn === null || message.TopicArn !== this.config.snsTopicArn) {
      throw new Failure(403, 'invalid SNS topic ARN');
    }
    const sent = Date.parse(message.Timestamp);
    if (!(sent > now - OLDEST_MS && sent < now + NEWEST_MS)) throw new Failure(403, 'stale SNS message');
  }

  private async isSigned(message: SnsMessage, now: number): Promise<boolean> {
    const url = certificateUrl(message.SigningCertURL);
    if (url === null) return false;
    try {
      const key = await this.certificates.key(url, now);
      const hash = message.SignatureVersion === '2' ? 'RSA-SHA256' : 'RSA-SHA1';
      return verify(hash, Buffer.from(signedText(message)), key, Buffer.from(message.Signature, 'base64'));
    } catch (error) {
      logger().warn({ err: error, message_id: message.MessageId }, 'sns_signature_unchecked');
      return false;
    }
  }
}
