/**
 * A bound on how many bytes of bodies one process holds at a time. Whoever is alone is always let in, so a bound that is
 * smaller than one body slows down and never blocks.
 */
export class ByteBudget {
  private heldBytes = 0;
  private readonly waiting = new Set<() => void>();

  constructor(private readonly limitBytes: number) {}

  lease(): ByteLease {
    return new ByteLease(this);
  }

  /** For ByteLease: false when `bytes` more do not fit beside what others hold. */
  grant(bytes: number, alreadyLeased: number): boolean {
    const isAlone = this.heldBytes === alreadyLeased;
    if (!isAlone && this.heldBytes + bytes > this.limitBytes) return false;
    this.heldBytes += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.heldBytes -= bytes;
    for (const tryAgain of [...this.waiting]) tryAgain();
  }

  /** Calls `attempt` after everything that is given back until it answers true, at most for `patienceMs`. */
  waitFor(attempt: () => boolean, patienceMs: number): Promise<boolean> {
    if (attempt()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const end = (hasRoom: boolean): void => {
        clearTimeout(timer);
        this.waiting.delete(tryAgain);
        resolve(hasRoom);
      };
      const tryAgain = (): void => {
        if (attempt()) end(true);
      };
      const timer = setTimeout(() => end(false), patienceMs);
      this.waiting.add(tryAgain);
    });
  }
}

/** What one piece of work holds of a budget. */
export class ByteLease {
  private bytes = 0;

  constructor(private readonly budget: ByteBudget) {}

  /** Raises the lease to `bytes` in all; false, and nothing changes, when they do not fit. */
  growTo(bytes: number): boolean {
    const missing = bytes - this.bytes;
    if (missing <= 0) return true;
    if (!this.budget.grant(missing, this.bytes)) return false;
    this.bytes = bytes;
    return true;
  }

  /** The same, but waits for others to give something back; whoever waited longest is asked first. */
  waitToGrowTo(bytes: number, patienceMs: number): Promise<boolean> {
    return this.budget.waitFor(() => this.growTo(bytes), patienceMs);
  }

  /** Gives everything back; may be called again. */
  release(): void {
    const { bytes } = this;
    this.bytes = 0;
    if (bytes > 0) this.budget.giveBack(bytes);
  }
}
