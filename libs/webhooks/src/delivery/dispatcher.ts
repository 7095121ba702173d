import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { AttemptSender, TIMEOUT_MS } from './attempt-sender.js';
import { claimDue, walkEndpoints } from './claim.repository.js';
import type { DueDelivery, Lane } from './delivery.js';
import { ResultRecorder } from './recorder.js';
import { shareRoom } from './share-room.js';
import { UnderWay } from './under-way.js';

interface LaneRules {
  /** Attempts under way that count; those that take long do not. */
  readonly slots: number;
  readonly perEndpoint: number;
}

/** Endpoints that work are served widely; those that do not get what is left over, one by one. */
const RULES: readonly [LaneRules, LaneRules] = [
  { slots: 128, perEndpoint: 64 },
  { slots: 32, perEndpoint: 2 },
];
/** Endpoints looked at in one pass. */
const REACH = 500;
/** What slow attempts of a lane may come to. */
const MOST_UNDER_WAY = 512;
const MOST_BYTES_UNDER_WAY = 64 * 1024 * 1024;
/** An attempt whose worker died is made again this long after it should have been over. */
const LEASE_MARGIN_MS = 15_000;
/** Results that may wait to be stored before no more attempts are made. */
const MOST_BACKLOG = 2000;

interface LaneState {
  readonly lane: Lane;
  readonly rules: LaneRules;
  readonly underWay: UnderWay;
  cursor: string;
  /** Something waits for room; worth looking at when no more than this many are busy. */
  wakeBelow: number;
  /** The last walk did not come to the end of the lane. */
  isAmidst: boolean;
}

/** Takes due deliveries in lots and attempts them, so many at once and no more. */
@Injectable()
export class WebhookDispatcher {
  private readonly lanes: readonly LaneState[] = RULES.map((rules, lane) => ({
    lane: lane as Lane,
    rules,
    underWay: new UnderWay(),
    cursor: '',
    wakeBelow: -1,
    isAmidst: false,
  }));
  private readonly attempts = new Set<Promise<void>>();
  /** Called when there is room again for something that waits. */
  onRoom: (lane: Lane) => void = () => undefined;

  constructor(
    private readonly db: Database,
    private readonly sender: AttemptSender,
    private readonly recorder: ResultRecorder,
  ) {}

  /**
   * Starts attempts of what is due at `now`, as far as there is room; does not wait for them.
   * @returns how many were started
   */
  async pass(lane: Lane, now = new Date()): Promise<number> {
    const state = this.lanes[lane]!;
    const { underWay, rules } = state;
    const room = Math.min(rules.slots - underWay.busy, MOST_UNDER_WAY - underWay.count);
    state.isAmidst = false;
    if (room < rules.slots / 4 || underWay.bytes > MOST_BYTES_UNDER_WAY || this.recorder.backlog > MOST_BACKLOG) {
      state.wakeBelow = Math.floor((rules.slots * 3) / 4);
      return 0;
    }
    const walk = await walkEndpoints(this.db, lane, state.cursor, REACH, now);
    const { rooms, isTight, last } = shareRoom(walk.due, room, (id) => underWay.roomOf(id, rules.perEndpoint));
    const taken = await claimDue(this.db, lane, rooms, now, new Date(now.getTime() + TIMEOUT_MS + LEASE_MARGIN_MS));
    for (const delivery of taken) this.start(state, delivery);
    // Whoever comes after the last one served is first next time, so that none waits for ever.
    state.cursor = last ?? walk.next;
    state.isAmidst = taken.length === 0 && state.cursor !== '';
    state.wakeBelow = isTight ? Math.floor(underWay.busy / 2) : -1;
    return taken.length;
  }

  /** Whether another pass may find something although the last one found nothing: it did not see all endpoints. */
  isAmidst(lane: Lane): boolean {
    return this.lanes[lane]!.isAmidst;
  }

  /** Resolves when all attempts are over and stored. */
  async settle(): Promise<void> {
    while (this.attempts.size > 0) await Promise.all(this.attempts);
    await this.recorder.settle();
  }

  private start(state: LaneState, delivery: DueDelivery): void {
    const end = state.underWay.begin(delivery, () => {
      if (state.underWay.busy > state.wakeBelow) return;
      state.wakeBelow = -1;
      this.onRoom(state.lane);
    });
    const attempt = this.sender.send(delivery).then((result) => {
      end();
      this.recorder.add(result);
      this.attempts.delete(attempt);
    });
    this.attempts.add(attempt);
  }
}
