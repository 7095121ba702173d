import { createHash, createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AppConfig } from '#libs/config';
import { localKey } from '#libs/secrets';

/** What is signed or hashed with a key of its own. */
export type KeyPurpose = 'developer-token' | 'sdk-token' | 'invitation-code';

export interface SigningKey {
  /** Names the key in the head of a token; tells nothing about it. */
  readonly id: string;
  readonly key: KeyObject;
}

const KEY_BYTES = 32;
const LOCAL_FILE = 'secret-key';

/** Keys derived from SECRET_KEY, one per purpose; those of SECRET_KEY_PREVIOUS still verify. */
@Injectable()
export class SigningKeys {
  private readonly secrets: readonly (string | Buffer)[];
  private readonly derived = new Map<KeyPurpose, readonly SigningKey[]>();

  constructor(@Inject(CONFIG) config: Pick<AppConfig, 'secretKey' | 'secretKeyPrevious' | 'dataDir'>) {
    const current = config.secretKey ?? localKey(config.dataDir, LOCAL_FILE).key;
    this.secrets = [current, ...(config.secretKeyPrevious === null ? [] : [config.secretKeyPrevious])];
  }

  /** The key that signs. */
  current(purpose: KeyPurpose): SigningKey {
    return this.all(purpose)[0]!;
  }

  /** The keys that verify, the one that signs first. */
  all(purpose: KeyPurpose): readonly SigningKey[] {
    const known = this.derived.get(purpose) ?? this.secrets.map((secret) => derive(secret, purpose));
    this.derived.set(purpose, known);
    return known;
  }

  /** The keyed hash of a text under every key that verifies, the current one first. */
  hashes(purpose: KeyPurpose, text: string): Buffer[] {
    return this.all(purpose).map(({ key }) => createHmac('sha256', key).update(text).digest());
  }
}

function derive(secret: string | Buffer, purpose: KeyPurpose): SigningKey {
  const bytes = Buffer.from(hkdfSync('sha256', secret, '', `identity.${purpose}.v1`, KEY_BYTES));
  const id = createHash('sha256').update('key id').update(bytes).digest('base64url').slice(0, 11);
  return { key: createSecretKey(bytes), id };
}
