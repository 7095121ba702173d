import { Mistake, type Kind } from './kinds.js';

/** One key of the ring that seals secrets at rest. */
export interface EncryptionKey {
  /** Stands in front of every value it sealed. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

const KEY_BYTES = 32;
const ENTRY = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/_-]{43}=?)$/;
/** Of 32 random bytes fewer differ only by intention. */
const FEWEST_DISTINCT_BYTES = 10;

/** `id:base64key` entries of 32 bytes each, with commas between them or as a JSON array. The first one seals. */
export const encryptionKeys: Kind<readonly EncryptionKey[]> = (text) => {
  const keys = entriesOf(text).map(readEntry);
  if (new Set(keys.map(({ id }) => id)).size < keys.length) throw new Mistake('must not name a key id twice');
  return keys;
};

/** A key that somebody typed instead of drawing it. */
export const isGuessable = ({ key }: EncryptionKey): boolean => new Set(key).size < FEWEST_DISTINCT_BYTES;

function entriesOf(text: string): readonly unknown[] {
  if (!text.startsWith('[')) return text.split(',').map((entry) => entry.trim());
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.length > 0 ? list : [null];
  } catch {
    return [null];
  }
}

/** The entry is never repeated in the mistake: it holds a secret. */
function readEntry(entry: unknown): EncryptionKey {
  const [, id, text] = (typeof entry === 'string' && ENTRY.exec(entry)) || [];
  if (id === undefined || text === undefined) {
    throw new Mistake(
      'must be a list of id:key, each key 32 bytes in base64, for example from: openssl rand -base64 32',
    );
  }
  return { id, key: Buffer.from(text, 'base64').subarray(0, KEY_BYTES) };
}
