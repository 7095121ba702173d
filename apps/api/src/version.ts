import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Version of the product: of the nearest package.json above this file, in the sources as in the build. */
export const VERSION = versionAbove(dirname(fileURLToPath(import.meta.url)));

function versionAbove(directory: string): string {
  try {
    const { version } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as { version?: string };
    if (version !== undefined) return version;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const parent = dirname(directory);
  return parent === directory ? '0.0.0' : versionAbove(parent);
}
