import { randomBytes, randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EncryptionKey } from '#libs/config';

const KEY_BYTES = 32;

/**
 * The key of an installation that was not given one: random, kept in the data directory, readable for us alone.
 * Processes that start together all get the same: the first complete file wins, and no half-written one is ever seen.
 */
export function localKey(dataDir: string, name = 'encryption-key'): EncryptionKey {
  const file = join(dataDir, name);
  return { id: 'local', key: readKey(file) ?? createKey(dataDir, file) };
}

function createKey(dataDir: string, file: string): Buffer {
  mkdirSync(dataDir, { recursive: true });
  const unfinished = `${file}.${randomUUID()}`;
  writeFileSync(unfinished, randomBytes(KEY_BYTES).toString('base64'), { mode: 0o600, flag: 'wx', flush: true });
  try {
    linkSync(unfinished, file);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    unlinkSync(unfinished);
  }
  const key = readKey(file);
  if (!key) throw new Error(`The key file ${file} vanished while it was read.`);
  return key;
}

function readKey(file: string): Buffer | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== KEY_BYTES) throw new Error(`The key file ${file} is damaged; restore it from a backup.`);
  return key;
}

const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown }).code;
