import type { DatabaseListener } from './database-listener.js';
import { Pauses } from './pauses.js';

/** How long something new waits at most for being seen: where its coming is heard of, and where not. */
const LOOK_MS = 500;
const DEAF_LOOK_MS = 100;
const TROUBLE_PAUSE_MS = 2000;

export interface WorkLoopOptions {
  /** Told of what `work` throws; the loop goes on. */
  readonly onTrouble: (error: unknown, name: string) => void;
  readonly listener: Pick<DatabaseListener, 'isListening'>;
}

/**
 * Loops that look into tables for work: at once again while there is some, else after a while or when somebody wakes
 * them. Any number of processes may do so at once.
 */
export class WorkLoops {
  private readonly pauses = new Pauses();
  private readonly running: Promise<void>[] = [];

  constructor(private readonly options: WorkLoopOptions) {}

  /** `work` says how much it found. `lookMs`: how long the loop rests when that is nothing. */
  start(name: string, work: () => Promise<number>, lookMs: number | null = null): void {
    this.running.push(this.loop(name, work, lookMs));
  }

  wake(...names: readonly string[]): void {
    for (const name of names) this.pauses.end(name);
  }

  /** A rest in the middle of some work, ended by `stop`. */
  rest(name: string, milliseconds: number): Promise<void> {
    return this.pauses.pause(name, milliseconds);
  }

  /** Lets every loop end its turn. */
  async stop(): Promise<void> {
    this.pauses.stop();
    await Promise.all(this.running);
  }

  private async loop(name: string, work: () => Promise<number>, lookMs: number | null): Promise<void> {
    while (!this.pauses.isStopped) {
      try {
        if ((await work()) === 0) await this.pauses.pause(name, lookMs ?? this.usualLookMs());
      } catch (error) {
        this.options.onTrouble(error, name);
        await this.pauses.pause(name, TROUBLE_PAUSE_MS);
      }
    }
  }

  private usualLookMs(): number {
    return this.options.listener.isListening ? LOOK_MS : DEAF_LOOK_MS;
  }
}
