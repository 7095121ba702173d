import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../../..');

/** Compiles what has changed, so that the processes below run the sources that are being tested. */
export async function buildProcesses(): Promise<void> {
  await promisify(execFile)(process.execPath, [join(ROOT, 'scripts/build.mjs')], { cwd: ROOT });
}

/** One process of the platform, as it runs in production. */
export class PlatformProcess {
  private lastWords = '';

  private constructor(private readonly child: ChildProcess) {
    const listen = (chunk: Buffer): void => {
      this.lastWords = (this.lastWords + chunk.toString()).slice(-4000);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
  }

  /** Starts `apps/<name>` and waits until it says that it is ready. */
  static async start(name: 'api' | 'worker', env: Record<string, string>): Promise<PlatformProcess> {
    const child = spawn(process.execPath, [join(ROOT, `dist/bundle/apps/${name}/src/main.js`)], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], ENVIRONMENT: 'test', LOG_LEVEL: 'error', ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const started = new PlatformProcess(child);
    await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => Promise.reject(new Error(`${name} ended: ${started.lastWords}`))),
    ]);
    return started;
  }

  /** It stands still until `resume`. */
  hold(): void {
    this.child.kill('SIGSTOP');
  }

  resume(): void {
    this.child.kill('SIGCONT');
  }

  /** Ends it without a word, as a power cut or an out-of-memory killer does. Safe to call again. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
