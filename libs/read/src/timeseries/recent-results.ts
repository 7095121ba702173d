interface Entry<T> {
  readonly expiresAt: number;
  readonly value: Promise<T>;
}

/** Keeps the results of costly questions for a short time, failed ones not; equal questions at one time are asked once. */
export class RecentResults<T> {
  private readonly entries = new Map<string, Entry<T>>();

  constructor(
    private readonly lifetimeMilliseconds: number,
    private readonly capacity: number,
    private readonly now: () => number,
  ) {}

  get(key: string, ask: () => Promise<T>): Promise<T> {
    const known = this.entries.get(key);
    if (known && known.expiresAt > this.now()) return known.value;
    this.entries.delete(key);
    const value = ask();
    const entry = { expiresAt: this.now() + this.lifetimeMilliseconds, value };
    this.entries.set(key, entry);
    this.dropOldest();
    value.catch(() => {
      if (this.entries.get(key) === entry) this.entries.delete(key);
    });
    return value;
  }

  private dropOldest(): void {
    const [oldest] = this.entries.keys();
    if (oldest !== undefined && this.entries.size > this.capacity) this.entries.delete(oldest);
  }
}
