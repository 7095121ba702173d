import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LocalStorage } from './local-storage.js';

describe('LocalStorage', () => {
  let directory: string;
  let storage: LocalStorage;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'platform-storage-'));
    storage = new LocalStorage(join(directory, 'objects'));
  });

  afterAll(() => rm(directory, { recursive: true, force: true }));

  const files = async (): Promise<string[]> => {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  };

  it('gives back what was put, byte for byte', async () => {
    const content = Buffer.from([0, 255, 10, 13, 128]);
    const stored = await storage.put('imports', Readable.from([content.subarray(0, 2), content.subarray(2)]));
    expect(stored.sizeBytes).toBe(5);
    expect(await buffer((await storage.get(stored.key))!)).toEqual(content);
    expect(await readFile(join(directory, 'objects', stored.key))).toEqual(content);
  });

  it('keeps objects from other users of the machine', async () => {
    const { key } = await storage.put('imports', Readable.from(['x']));
    expect((await stat(join(directory, 'objects', key))).mode & 0o077).toBe(0);
  });

  it('keeps nothing of a stream that breaks', async () => {
    const before = await files();
    const broken = Readable.from(
      (function* (): Generator<string> {
        yield 'half';
        throw new Error('line cut');
      })(),
    );
    await expect(storage.put('imports', broken)).rejects.toThrow('line cut');
    expect(await files()).toEqual(before);
  });

  it('deletes once', async () => {
    const { key } = await storage.put('imports', Readable.from(['x']));
    expect(await storage.delete(key)).toBe(true);
    expect(await storage.delete(key)).toBe(false);
    expect(await storage.get(key)).toBeNull();
  });

  it.each([
    '../secret',
    'imports/../../secret',
    '/etc/passwd',
    'imports/aa/../../../../etc/passwd',
    'imports\\aa\\x',
    'imports/aa/00000000-0000-4000-8000-000000000000\0',
    '',
  ])('refuses the key %j', async (key) => {
    await writeFile(join(directory, 'secret'), 'x');
    await expect(storage.get(key)).rejects.toThrow('Not an object key');
    await expect(storage.delete(key)).rejects.toThrow('Not an object key');
  });

  it.each(['..', 'a/b', 'A', ''])('refuses the folder %j', async (folder) => {
    await expect(storage.put(folder, Readable.from(['x']))).rejects.toThrow('Not an object key');
  });

  it('says whether it can store', async () => {
    expect(await storage.isHealthy()).toBe(true);
    expect(await new LocalStorage(join(directory, 'secret', 'below-a-file')).isHealthy()).toBe(false);
  });
});
