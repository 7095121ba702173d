import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { OperatorProblem } from '#libs/model';
import type { ServerAccount } from './server-account.js';
import { serverFlags } from './server-settings.js';

export interface ServerPlan {
  readonly postgres: string;
  readonly directory: string;
  readonly port: number;
  /** Address of a database that always exists, for asking whether the server is there. */
  readonly url: string;
  readonly account: ServerAccount | null;
  /** What the server says from the time it answers until it is stopped. */
  readonly onLog: (line: string) => void;
}

const READY_PATIENCE_MS = 120_000;
const STOP_PATIENCE_MS = 30_000;
const STEP_MS = 30;

/** One run of the server. */
export class ServerProcess {
  private lastWords = '';
  /** At work: neither starting nor stopping, which it talks about at length. */
  private isServing = false;

  private constructor(
    private readonly child: ChildProcess,
    onLog: (line: string) => void,
  ) {
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      for (const line of chunk.split('\n').map((text) => text.trim())) {
        if (!/^(LOG|FATAL|PANIC):/.test(line)) continue;
        this.lastWords = line;
        if (this.isServing) onLog(line);
      }
    });
  }

  /** Starts the server and waits until it answers; after a crash that includes its recovery. */
  static async start(plan: ServerPlan): Promise<ServerProcess> {
    const child = spawn(plan.postgres, ['-D', plan.directory, ...serverFlags(plan.port)], {
      ...plan.account,
      cwd: plan.directory,
      // A process group of its own: Ctrl-C in the terminal must not stop it before its clients.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      // Nothing of our environment is meant for it.
      env: { LC_ALL: 'C' },
    });
    const failed = once(child, 'error').then(([error]: Error[]) => Promise.reject(error!));
    failed.catch(() => undefined);
    const server = new ServerProcess(child, plan.onLog);
    await Promise.race([server.untilReady(plan.url), failed]);
    server.isServing = true;
    return server;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Calls `listener` when the server ends, for whatever reason. */
  onExit(listener: () => void): void {
    this.child.once('exit', listener);
  }

  /** Rolls open transactions back, writes everything down and ends. */
  async stop(): Promise<void> {
    if (!this.isRunning) return;
    this.isServing = false;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGINT');
    const timer = setTimeout(() => this.child.kill('SIGQUIT'), STOP_PATIENCE_MS);
    await gone;
    clearTimeout(timer);
  }

  private async untilReady(url: string): Promise<void> {
    for (let waited = 0; waited < READY_PATIENCE_MS; waited += STEP_MS) {
      if (await answers(url)) return;
      if (!this.isRunning) throw new OperatorProblem(`The embedded PostgreSQL does not start: ${this.lastWords}`);
      await pause(STEP_MS);
    }
    await this.stop();
    throw new OperatorProblem(`The embedded PostgreSQL does not answer: ${this.lastWords}`);
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  // A server that goes away while we connect is a "no", not an unheard error.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
