import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { EncryptionKey } from '#libs/config';
import { SealError } from './seal-error.js';
import { SecretBox } from './secret-box.js';

const key = (id: string): EncryptionKey => ({ id, key: randomBytes(32) });
const [now, before] = [key('now'), key('before')];
const box = new SecretBox([now, before]);

function reasonOf(sealed: string, purpose = 'token'): string {
  try {
    return `opened: ${box.open(sealed, purpose)}`;
  } catch (error) {
    if (error instanceof SealError) return error.reason;
    throw error;
  }
}

describe('SecretBox', () => {
  it.each(['', 'a', 'päßwörd \u{1F512}', 'x'.repeat(10_000)])('opens what it sealed', (plain) => {
    const sealed = box.seal(plain, 'token');
    expect(sealed).toMatch(/^v1\.now\.[\w-]+$/);
    expect(box.open(sealed, 'token')).toBe(plain);
  });

  it('seals the same text differently each time', () => {
    expect(box.seal('same', 'token')).not.toBe(box.seal('same', 'token'));
  });

  it('opens what an older key of the ring sealed', () => {
    expect(box.open(new SecretBox([before]).seal('old', 'token'), 'token')).toBe('old');
  });

  it('does not open what was sealed for something else', () => {
    expect(reasonOf(box.seal('text', 'other'))).toBe('altered');
  });

  it('does not open what another key of the same name sealed', () => {
    expect(reasonOf(new SecretBox([key('now')]).seal('text', 'token'))).toBe('altered');
  });

  it('does not open under a key of another name', () => {
    expect(reasonOf(box.seal('text', 'token').replace('.now.', '.before.'))).toBe('altered');
  });

  it('names a key it does not have', () => {
    expect(reasonOf(new SecretBox([key('lost')]).seal('text', 'token'))).toBe('unknown-key');
  });

  it('notices every changed byte', () => {
    const [version, id, body] = box.seal('text', 'token').split('.') as [string, string, string];
    const bytes = Buffer.from(body, 'base64url');
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      expect(reasonOf(`${version}.${id}.${changed.toString('base64url')}`)).toBe('altered');
    }
  });

  it.each(['', 'plain text', 'v1.now.', 'v1.now.AAAA', 'v2.now.AAAA', 'v1..AAAA'])('refuses %j', (text) => {
    expect(reasonOf(text)).toBe('not-sealed');
  });

  it('tells nothing of the value in its error', () => {
    expect(() => box.open('my plain secret', 'token')).toThrow(/^A stored secret \(token\) is not a sealed value\.$/);
  });
});
