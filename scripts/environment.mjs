import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const LOOK_EVERY_MS = 250;

/** Adds what `.env` says to the environment; what is set already wins. */
export function loadEnvFile() {
  const file = fileURLToPath(new URL('../.env', import.meta.url));
  if (existsSync(file)) process.loadEnvFile(file);
}

/**
 * Under npm, stops this process when npm is gone: npm sends a signal it receives to the shell between the two of us,
 * and the shell ends without passing it on; a killed npm leaves the shell behind.
 */
export function stopWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const family = ancestors();
  const watch = setInterval(() => {
    if (ancestors() === family) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, LOOK_EVERY_MS);
  watch.unref();
}

/** Our parent, and its parent where that is npm's shell (known on Linux alone). */
function ancestors() {
  try {
    const [, name, rest] = /^\d+ \((.*)\) (.*)$/s.exec(readFileSync(`/proc/${process.ppid}/stat`, 'utf8'));
    return /sh$/.test(name) ? `${process.ppid} ${rest.split(' ')[1]}` : String(process.ppid);
  } catch {
    return String(process.ppid);
  }
}
