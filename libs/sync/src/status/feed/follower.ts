import type { PlacedEvent, ReadUntil } from './feed.repository.js';
import type { SyncEvent } from '../sync-status.js';

/** The far end of a stream, for example an HTTP response. */
export interface FollowerLine {
  /** @returns false when the far end is behind: nothing more is sent before `Follower.resume` */
  send(event: SyncEvent): boolean;
  /** Shows that the stream lives. */
  beat(): boolean;
  /** Whether whoever reads may still read. */
  isWelcome(): Promise<boolean>;
  /** Ends the stream in good order. */
  end(): void;
  /** Cuts the stream off, with what is not sent yet. */
  cut(): void;
}

const HEARTBEAT_MS = 15_000;
const PATIENCE_MS = 30_000;
const RECHECK_MS = 30_000;

/** One stream of one user's events: how far it is and whether it can take more. */
export class Follower {
  /** Everything up to here is sent; null until the start is known. */
  private position: number | null = null;
  private sentAtMs: number;
  private checkedAtMs: number;
  private behindSinceMs: number | null = null;

  constructor(
    readonly userKey: number,
    private readonly line: FollowerLine,
    nowMs: number,
  ) {
    this.sentAtMs = nowMs;
    this.checkedAtMs = nowMs;
  }

  begin(position: number): void {
    this.position = position;
  }

  /** What it wants next; null while it can take nothing. */
  get wants(): ReadUntil | null {
    if (this.position === null || this.behindSinceMs !== null) return null;
    return { userKey: this.userKey, position: this.position };
  }

  /** Sends what is new to it of the events that follow `from`. */
  take(events: readonly PlacedEvent[], from: number, nowMs: number): number {
    let sent = 0;
    for (const { position, event } of events) {
      const at = this.wants?.position;
      // It began further back in the meantime: it asks for itself.
      if (at === undefined || at < from) return sent;
      if (position <= at) continue;
      this.position = position;
      this.note(this.line.send(event), nowMs);
      sent++;
    }
    return sent;
  }

  /** The far end has caught up. */
  resume(): void {
    this.behindSinceMs = null;
  }

  beatIfQuiet(nowMs: number): void {
    if (this.behindSinceMs === null && nowMs - this.sentAtMs >= HEARTBEAT_MS) this.note(this.line.beat(), nowMs);
  }

  /** It has been behind for too long. */
  isTooSlow(nowMs: number): boolean {
    return this.behindSinceMs !== null && nowMs - this.behindSinceMs >= PATIENCE_MS;
  }

  /** Whether it is time to ask if the reader may still read; counts as asked. */
  isDueForCheck(nowMs: number): boolean {
    if (nowMs - this.checkedAtMs < RECHECK_MS) return false;
    this.checkedAtMs = nowMs;
    return true;
  }

  isWelcome(): Promise<boolean> {
    return this.line.isWelcome();
  }

  end(): void {
    this.line.end();
  }

  cut(): void {
    this.line.cut();
  }

  private note(hasRoom: boolean, nowMs: number): void {
    this.sentAtMs = nowMs;
    if (!hasRoom) this.behindSinceMs = nowMs;
  }
}
