import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const SKIPPED = new Set(['node_modules', 'dist', 'coverage', '.git', '.data']);

/** Paths, relative to `root` and with forward slashes, of all files below it that are the project's own. */
export function* listFiles(root, folder = root) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (SKIPPED.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* listFiles(root, path);
    else if (entry.isFile()) yield relative(root, path).split(sep).join('/');
  }
}

/** The text of a file, or an empty one where it does not exist. */
export function textOf(root, path) {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}
