import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { localKey } from './local-key.js';

describe('localKey', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'local-key-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('is made once, for our eyes only, and stays the same', () => {
    const first = localKey(join(directory, 'data'));
    expect(first.key).toHaveLength(32);
    expect(localKey(join(directory, 'data'))).toEqual(first);
    expect(readdirSync(join(directory, 'data'))).toEqual(['encryption-key']);
    expect(statSync(join(directory, 'data', 'encryption-key')).mode & 0o777).toBe(0o600);
  });

  it('differs between installations', () => {
    expect(localKey(join(directory, 'a')).key).not.toEqual(localKey(join(directory, 'b')).key);
  });

  it('says so when its file is damaged', () => {
    writeFileSync(join(directory, 'encryption-key'), 'half');
    expect(() => localKey(directory)).toThrow(/damaged/);
  });
});
