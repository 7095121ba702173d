/** So many requests in a row without an answer are an outage. */
const OUTAGE_FAILURES = 5;
/** Longer than anybody waits in a worker's slot: whoever works for the vendor lets others work meanwhile. */
const FIRST_PAUSE_MS = 120_000;
const LONGEST_PAUSE_MS = 900_000;

interface Silence {
  readonly failures: number;
  readonly untilMs: number;
}

/**
 * Vendors that do not answer, as this process sees them. A request to one costs half a minute; without this, those to one
 * vendor would take all slots and nobody's data would come.
 */
export class Outages {
  private readonly silences = new Map<string, Silence>();

  /** Seconds until it is worth asking the vendor again; 0: now. */
  waitSeconds(provider: string, nowMs = Date.now()): number {
    const { untilMs = 0 } = this.silences.get(provider) ?? {};
    return Math.max(0, (untilMs - nowMs) / 1000);
  }

  /** Whether one unanswered attempt says enough. */
  isLikely(provider: string): boolean {
    return (this.silences.get(provider)?.failures ?? 0) >= OUTAGE_FAILURES;
  }

  /** A request got no answer, however often it was sent. Those that were on their way when the pause began say nothing new. */
  failed(provider: string, nowMs = Date.now()): void {
    const { failures: before = 0, untilMs = 0 } = this.silences.get(provider) ?? {};
    if (untilMs > nowMs) return;
    const failures = before + 1;
    const pauses = failures - OUTAGE_FAILURES;
    const pauseMs = pauses < 0 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** pauses);
    this.silences.set(provider, { failures, untilMs: nowMs + pauseMs });
  }

  /** The vendor answered, whatever it said. */
  answered(provider: string): void {
    this.silences.delete(provider);
  }
}
