import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { logger } from '#libs/observability';
import { StartProblem } from './start-problem.js';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** A child that lived that long starts again without waiting. */
const STEADY_MS = 60_000;

/** One of our programs in a process of its own, started again whenever it ends by itself. */
export class ChildService {
  private child: ChildProcess | null = null;
  private stopping = false;
  private failures = 0;
  private restart: NodeJS.Timeout | undefined;

  constructor(
    readonly name: string,
    private readonly script: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** Starts the program and waits until it says that it is ready. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      const child = this.launch();
      child.once('message', () => resolve());
      child.once('exit', () => {
        reject(new StartProblem(`The ${this.name} ended while it started; its log above says why.`));
      });
    });
  }

  /** Asks the program to finish what it does and waits until it is gone. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.restart);
    await this.end('SIGTERM');
  }

  /** Ends the program at once. */
  async kill(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.restart);
    await this.end('SIGKILL');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  private launch(): ChildProcess {
    const startedAt = Date.now();
    const child = fork(this.script, [], {
      env: this.env,
      execArgv: ['--enable-source-maps'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // A process group of its own: Ctrl-C reaches us alone, and we stop things in their order.
      detached: true,
    });
    this.child = child;
    let wasReady = false;
    child.once('message', () => {
      wasReady = true;
    });
    child.on('error', (error) => logger().error({ error, child: this.name }, 'child_failed'));
    child.once('exit', (code, signal) => {
      // Before it was ever ready, whoever started it decides.
      if (this.stopping || (!wasReady && this.failures === 0)) return;
      this.failures = Date.now() - startedAt > STEADY_MS ? 1 : this.failures + 1;
      const waitMs = Math.min(FIRST_WAIT_MS * 2 ** (this.failures - 1), LONGEST_WAIT_MS);
      logger().error({ child: this.name, code, signal, restart_in_ms: waitMs }, 'child_ended');
      this.restart = setTimeout(() => this.launch(), waitMs);
    });
    return child;
  }
}
