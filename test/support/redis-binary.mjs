import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Path of a `redis-server` on this machine, or null. */
export function findRedisServer() {
  for (const folder of (process.env.PATH ?? '').split(delimiter).filter(Boolean)) {
    const path = join(folder, 'redis-server');
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}
