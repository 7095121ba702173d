import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { logger } from '#libs/observability';
import type { Answer, Question } from './part.js';
import { StartProblem } from './start-problem.js';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** A child that lived that long starts again without waiting. */
const STEADY_MS = 60_000;

/** One of our programs in a process of its own; once it served, it is started again whenever it ends by itself. */
export class ChildService {
  private child: ChildProcess | null = null;
  private served: string | null = null;
  private stopping = false;
  private failures = 0;
  private restart: NodeJS.Timeout | undefined;

  constructor(
    readonly name: string,
    private readonly script: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly flags: readonly string[] = [],
  ) {}

  /** Starts to load the program; it does nothing before it is asked. */
  launch(): void {
    const startedAt = Date.now();
    this.child = fork(this.script, [], {
      env: this.env,
      execArgv: [...process.execArgv, ...this.flags],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // A process group of its own: Ctrl-C reaches us alone, and we stop things in their order.
      detached: true,
    });
    this.child.on('error', (error) => logger().error({ error, child: this.name }, 'child_failed'));
    this.child.once('exit', (code, signal) => {
      // Before it ever served, whoever started it decides.
      if (this.stopping || this.served === null) return;
      this.failures = Date.now() - startedAt > STEADY_MS ? 1 : this.failures + 1;
      const waitMs = Math.min(FIRST_WAIT_MS * 2 ** (this.failures - 1), LONGEST_WAIT_MS);
      logger().error({ child: this.name, code, signal, restart_in_ms: waitMs }, 'child_ended');
      this.restart = setTimeout(() => this.serveAgain(), waitMs);
    });
  }

  /** Has one thing done and answers its result. @throws StartProblem when it cannot be done or the program ends */
  ask<T>(ask: string, input: string): Promise<T> {
    const child = this.child!;
    return new Promise((resolve, reject) => {
      const ended = (): void =>
        reject(new StartProblem(`The ${this.name} ended while it started; its log above says why.`));
      const answered = ({ ask: about, result, problem }: Answer): void => {
        if (about !== ask) return;
        child.off('message', answered).off('exit', ended);
        if (problem === undefined) resolve(result as T);
        else reject(new StartProblem(problem));
      };
      child.on('message', answered).once('exit', ended);
      if (child.connected) child.send({ ask, input } satisfies Question);
      else ended();
    });
  }

  /** Lets the program serve with the database at `databaseUrl` until it is stopped. */
  async serve(databaseUrl: string): Promise<void> {
    await this.ask('serve', databaseUrl);
    this.served = databaseUrl;
  }

  /** Asks the program to finish what it does and waits until it is gone. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** Ends the program at once. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    this.stopping = true;
    clearTimeout(this.restart);
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  private serveAgain(): void {
    this.launch();
    this.ask('serve', this.served!).catch((error: unknown) => {
      logger().error({ error, child: this.name }, 'child_failed');
      this.child?.kill('SIGKILL');
    });
  }
}
