import type { DueDelivery } from './delivery.js';
import { shareRoom, type Shares } from './share-room.js';
import { UnderWay } from './under-way.js';

export interface TrackRules {
  /** Attempts under way that count; those that take long do not. */
  readonly slots: number;
  readonly perEndpoint: number;
}

/** What slow attempts of a track may come to. */
const MOST_UNDER_WAY = 512;
const MOST_BYTES_UNDER_WAY = 64 * 1024 * 1024;

/** Attempts that have their own room, which nobody else's can use up. */
export class Track {
  private readonly underWay = new UnderWay();
  /** Something waits for room; worth looking at when no more than this many are busy. */
  private wakeBelow = -1;

  constructor(
    private readonly rules: TrackRules,
    private readonly onRoom: () => void,
  ) {}

  /** How many may be started now; none rather than few. */
  room(): number {
    const { slots } = this.rules;
    const room = Math.min(slots - this.underWay.busy, MOST_UNDER_WAY - this.underWay.count);
    if (room >= slots / 4 && this.underWay.bytes <= MOST_BYTES_UNDER_WAY) return room;
    this.wakeBelow = Math.floor((slots * 3) / 4);
    return 0;
  }

  /** Shares the room among endpoints that have something due. */
  share(endpoints: readonly string[], room: number): Shares {
    const shares = shareRoom(endpoints, room, (id) => this.underWay.roomOf(id, this.rules.perEndpoint));
    if (shares.isTight) this.wakeBelow = Math.floor(this.underWay.busy / 2);
    return shares;
  }

  /** Counts an attempt until the function it answers is called. */
  begin(delivery: DueDelivery): () => void {
    return this.underWay.begin(delivery, () => {
      if (this.underWay.busy > this.wakeBelow) return;
      this.wakeBelow = -1;
      this.onRoom();
    });
  }
}
