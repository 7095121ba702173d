import { randomUUID } from 'node:crypto';
import { constants, createWriteStream } from 'node:fs';
import { access, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { assertObjectKey, objectKey, type LocalCopy, type ObjectStorage, type StoredObject } from './object-storage.js';

/** Objects as files below one directory, readable for this user alone. */
export class LocalStorage implements ObjectStorage {
  readonly bucket = null;

  constructor(private readonly directory: string) {}

  async put(folder: string, content: Readable, id: string = randomUUID()): Promise<StoredObject> {
    const key = objectKey(folder, id);
    const path = join(this.directory, key);
    const unfinished = `${path}.new`;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    try {
      // `flush` puts the content on disk before the name appears.
      const file = createWriteStream(unfinished, { mode: 0o600, flags: 'wx', flush: true });
      await pipeline(content, file);
      await rename(unfinished, path);
      return { key, sizeBytes: file.bytesWritten };
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
  }

  async get(key: string): Promise<Readable | null> {
    assertObjectKey(key);
    try {
      const file = await open(join(this.directory, key), 'r');
      return file.createReadStream();
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  async copy(key: string): Promise<LocalCopy | null> {
    assertObjectKey(key);
    const path = join(this.directory, key);
    try {
      const { size } = await stat(path);
      return { path, sizeBytes: size, release: () => Promise.resolve() };
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  async delete(key: string): Promise<boolean> {
    assertObjectKey(key);
    const path = join(this.directory, key);
    await rm(`${path}.new`, { force: true });
    try {
      await rm(path);
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  async isHealthy(): Promise<boolean> {
    try {
      await mkdir(this.directory, { recursive: true, mode: 0o700 });
      await access(this.directory, constants.W_OK | constants.X_OK);
      return true;
    } catch {
      return false;
    }
  }
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';
