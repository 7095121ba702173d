import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SigningKeys } from './signing-keys.js';

describe('SigningKeys', () => {
  let dataDir: string;
  beforeAll(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'signing-keys-'));
  });
  afterAll(() => rmSync(dataDir, { recursive: true }));

  const keys = (secretKey: string | null, secretKeyPrevious: string | null = null): SigningKeys =>
    new SigningKeys({ secretKey, secretKeyPrevious, dataDir });

  it('differ between purposes and secrets, and are the same for the same', () => {
    const [one, same, other] = [keys('a'), keys('a'), keys('b')];
    expect(one.current('sdk-token')).toEqual(same.current('sdk-token'));
    expect(one.current('sdk-token').key).toHaveLength(32);
    expect(one.current('sdk-token').key).not.toEqual(one.current('developer-token').key);
    expect(one.current('sdk-token').key).not.toEqual(other.current('sdk-token').key);
    expect(one.current('sdk-token').id).not.toBe(one.current('developer-token').id);
  });

  it('of the previous secret still verify', () => {
    const changed = keys('new', 'old');
    expect(changed.current('sdk-token')).toEqual(keys('new').current('sdk-token'));
    expect(changed.all('sdk-token')[1]).toEqual(keys('old').current('sdk-token'));
    expect(changed.hashes('invitation-code', 'X')).toHaveLength(2);
  });

  it('without a secret come from one that all processes of the data directory share', () => {
    expect(keys(null).current('sdk-token')).toEqual(keys(null).current('sdk-token'));
  });
});
