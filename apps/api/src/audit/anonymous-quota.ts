const PER_MINUTE = 30;
const MINUTE_MS = 60_000;
const MOST_ADDRESSES = 10_000;

/** So many per minute and address; beyond ten thousand addresses a minute nobody new gets any. */
export class AnonymousQuota {
  private taken = new Map<string, number>();
  private endsAtMs = 0;

  take(address: string, nowMs: number): boolean {
    if (nowMs >= this.endsAtMs) {
      this.taken = new Map();
      this.endsAtMs = nowMs + MINUTE_MS;
    }
    const count = this.taken.get(address) ?? (this.taken.size < MOST_ADDRESSES ? 0 : PER_MINUTE);
    if (count >= PER_MINUTE) return false;
    this.taken.set(address, count + 1);
    return true;
  }
}
