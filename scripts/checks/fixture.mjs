import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from './tool.mjs';

/** A small checkout in a temporary directory: `files` (path to text), copies of our own `configs`, our packages. */
export function makeFixture(files, configs = []) {
  const directory = mkdtempSync(join(tmpdir(), 'platform-check-'));
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  for (const config of configs) cpSync(join(root, config), join(directory, config));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
