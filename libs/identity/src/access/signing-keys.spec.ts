import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SigningKeys, type SigningKey } from './signing-keys.js';

describe('SigningKeys', () => {
  let dataDir: string;
  beforeAll(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'signing-keys-'));
  });
  afterAll(() => rmSync(dataDir, { recursive: true }));

  const keys = (secretKey: string | null, secretKeyPrevious: string | null = null): SigningKeys =>
    new SigningKeys({ secretKey, secretKeyPrevious, dataDir });
  /** Id and bytes: key objects of equal kind look all the same to `toEqual`. */
  const told = ({ id, key }: SigningKey) => [id, key.export().toString('hex')];

  it('differ between purposes and secrets, and are the same for the same', () => {
    const [one, same, other] = [keys('a'), keys('a'), keys('b')];
    const [id, bytes] = told(one.current('sdk-token'));
    expect(told(same.current('sdk-token'))).toEqual([id, bytes]);
    expect(bytes).toMatch(/^[0-9a-f]{64}$/);
    expect(told(one.current('developer-token'))[1]).not.toBe(bytes);
    expect(told(other.current('sdk-token'))[1]).not.toBe(bytes);
    expect(told(one.current('developer-token'))[0]).not.toBe(id);
  });

  it('of the previous secret still verify', () => {
    const changed = keys('new', 'old');
    expect(told(changed.current('sdk-token'))).toEqual(told(keys('new').current('sdk-token')));
    expect(told(changed.all('sdk-token')[1]!)).toEqual(told(keys('old').current('sdk-token')));
    expect(changed.hashes('invitation-code', 'X')).toHaveLength(2);
  });

  it('without a secret come from one that all processes of the data directory share', () => {
    expect(told(keys(null).current('sdk-token'))).toEqual(told(keys(null).current('sdk-token')));
  });
});
