import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';

const SCRIPT = fileURLToPath(new URL('../../../scripts/start.mjs', import.meta.url));
const READY_MARK = 'The platform is ready.';
const STEP_MS = 50;

/** `npm start` in a process of its own, with nothing of our environment but what finds programs. */
export class RunningPlatform {
  output = '';
  errors = '';
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;

  constructor(env: Record<string, string>) {
    const { PATH = '', HOME = '' } = process.env;
    this.child = spawn(process.execPath, [SCRIPT], { env: { PATH, HOME, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (this.output += chunk));
    this.child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (this.errors += chunk));
    this.ended = once(this.child, 'close').then(([code]) => code as number | null);
  }

  /** Waits for the banner; throws with everything that was printed when the process ends instead. */
  async ready(): Promise<string> {
    while (!this.output.includes(READY_MARK) || !this.output.trimEnd().includes('\n\n')) {
      if (this.child.exitCode !== null) throw new Error(`It ended:\n${this.output}\n${this.errors}`);
      await pause(STEP_MS);
    }
    return this.banner;
  }

  /** What was printed for people: everything but the log. */
  get banner(): string {
    return this.output
      .split('\n')
      .filter((line) => !line.startsWith('{"level"'))
      .join('\n');
  }

  /** Process number of a service as its latest log line tells. */
  pidOf(service: string): number {
    const lines = this.output.split('\n').filter((line) => line.includes(`"service":"${service}"`));
    return (JSON.parse(lines.at(-1)!) as { pid: number }).pid;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Stops it the hard way unless it ended. */
  async clear(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGTERM');
    await this.ended;
  }
}

/** Waits until no process of that number is left. */
export async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await pause(STEP_MS);
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
