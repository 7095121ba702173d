import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { EncryptionKey } from '#libs/config';
import { SealError } from './seal-error.js';

const ALGORITHM = 'aes-256-gcm';
const FORMAT = 'v1';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const SEALED = /^v1\.([A-Za-z0-9_-]{1,32})\.([A-Za-z0-9_-]+)$/;

/**
 * Seals secrets that are stored: AES-256-GCM under the first key of the ring. A sealed value reads
 * `v1.<key id>.<base64url of iv, tag and text>`. The purpose says what the value is (`connection.access-token`) and is
 * authenticated with it, so that a value moved into another column does not open.
 */
export class SecretBox {
  private readonly keys: ReadonlyMap<string, Buffer>;
  private readonly current: EncryptionKey;

  /** @param ring the first key seals, all open */
  constructor(ring: readonly EncryptionKey[]) {
    const [first] = ring;
    if (!first) throw new Error('The key ring is empty.');
    this.current = first;
    this.keys = new Map(ring.map(({ id, key }) => [id, key]));
  }

  /** What every value sealed under the current key begins with. */
  get currentPrefix(): string {
    return `${FORMAT}.${this.current.id}.`;
  }

  /** The same text gives another value each time. */
  seal(plain: string, purpose: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.current.key, iv);
    cipher.setAAD(associated(this.current.id, purpose));
    const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return this.currentPrefix + Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url');
  }

  /** @throws SealError when the value was not sealed for this purpose under a key of the ring, or was changed since */
  open(sealed: string, purpose: string): string {
    const [, keyId, body] = SEALED.exec(sealed) ?? [];
    if (keyId === undefined || body === undefined) throw new SealError('not-sealed', purpose);
    const key = this.keys.get(keyId);
    if (!key) throw new SealError('unknown-key', purpose, keyId);
    const bytes = Buffer.from(body, 'base64url');
    if (bytes.length < IV_BYTES + TAG_BYTES) throw new SealError('not-sealed', purpose, keyId);
    const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(associated(keyId, purpose));
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    try {
      return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    } catch (error) {
      throw new SealError('altered', purpose, keyId, error);
    }
  }
}

const associated = (keyId: string, purpose: string): Buffer => Buffer.from(`${FORMAT}.${keyId}.${purpose}`);
