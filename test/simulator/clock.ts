/** The simulator's time: that of the machine unless it was told otherwise, and only forward. */
export class Clock {
  private shiftMs = 0;
  private stoppedMs: number | null = null;

  /** `startMs`: stands still there and moves by `advance` alone. */
  constructor(startMs: number | null = null) {
    this.stoppedMs = startMs;
  }

  readonly now = (): number => (this.stoppedMs ?? Date.now()) + this.shiftMs;

  /** From now on it moves by `advance` alone. */
  stop(): void {
    this.stoppedMs ??= Date.now();
  }

  advance(ms: number): void {
    this.shiftMs += ms;
  }
}
