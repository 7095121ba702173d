/** Pauses by name that can be ended early. An end that comes while nobody pauses ends the next pause. */
export class Pauses {
  private readonly sleepers = new Map<string, () => void>();
  private readonly ended = new Set<string>();
  private stopped = false;

  get isStopped(): boolean {
    return this.stopped;
  }

  pause(name: string, milliseconds: number): Promise<void> {
    if (this.stopped || this.ended.delete(name)) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.sleepers.delete(name);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      this.sleepers.set(name, wake);
    });
  }

  end(name: string): void {
    const wake = this.sleepers.get(name);
    if (wake) wake();
    else this.ended.add(name);
  }

  /** Ends all pauses for good. */
  stop(): void {
    this.stopped = true;
    for (const wake of [...this.sleepers.values()]) wake();
  }
}
