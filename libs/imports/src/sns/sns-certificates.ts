import { X509Certificate, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { OutboundClient } from '#libs/outbound';

interface Kept {
  readonly key: KeyObject;
  readonly validUntil: number;
}

const MOST_KEPT = 20;
const MOST_BYTES = 64 * 1024;
const TIMEOUT_MS = 10_000;
const KEPT_MS = 24 * 3600 * 1000;

/** Amazon's signing keys, each fetched once a day. */
@Injectable()
export class SnsCertificates {
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly outbound: OutboundClient) {}

  /** The public key of a certificate. `now` in milliseconds. @throws whatever is wrong with fetching or reading it */
  async key(url: string, now: number): Promise<KeyObject> {
    const known = this.kept.get(url);
    if (known && known.validUntil > now) return known.key;
    const { status, body } = await this.outbound.request({
      method: 'GET',
      url,
      timeoutMs: TIMEOUT_MS,
      maxBytes: MOST_BYTES,
    });
    if (status !== 200) throw new Error(`The certificate answers ${status}`);
    const certificate = new X509Certificate(body);
    const ends = Date.parse(certificate.validTo);
    if (!(Date.parse(certificate.validFrom) <= now && ends > now)) throw new Error('The certificate is not valid now');
    if (this.kept.size >= MOST_KEPT) this.kept.clear();
    this.kept.set(url, { key: certificate.publicKey, validUntil: Math.min(ends, now + KEPT_MS) });
    return certificate.publicKey;
  }
}
