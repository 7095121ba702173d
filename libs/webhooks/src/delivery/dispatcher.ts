import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { AttemptSender, TIMEOUT_MS } from './attempt-sender.js';
import { claimDue, walkEndpoints, type Rooms } from './claim.repository.js';
import type { DueDelivery, Lane } from './delivery.js';
import { ResultRecorder } from './recorder.js';

interface LaneRules {
  /** Attempts under way that count; those that take long do not. */
  readonly slots: number;
  readonly perEndpoint: number;
  /** Endpoints looked at in one pass. */
  readonly reach: number;
}

/** Endpoints that work are served widely; those that do not get what is left over, one by one. */
const RULES: readonly [LaneRules, LaneRules] = [
  { slots: 64, perEndpoint: 32, reach: 500 },
  { slots: 32, perEndpoint: 2, reach: 500 },
];
/** An attempt that takes longer no longer keeps others from starting, up to `MOST_UNDER_WAY` of a lane. */
const SLOW_MS = 1000;
const MOST_UNDER_WAY = 512;
/** An attempt whose worker died is made again this long after it should have been over. */
const LEASE_MARGIN_MS = 15_000;
/** Results that may wait to be stored before no more attempts are made. */
const MOST_BACKLOG = 2000;

interface LaneState {
  readonly lane: Lane;
  readonly rules: LaneRules;
  cursor: string;
  busy: number;
  underWay: number;
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
    cursor: '',
    busy: 0,
    underWay: 0,
    wakeBelow: -1,
    isAmidst: false,
  }));
  private readonly perEndpoint = new Map<string, number>();
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
    const { slots, reach } = state.rules;
    const room = Math.min(slots - state.busy, MOST_UNDER_WAY - state.underWay);
    state.isAmidst = false;
    if (room < slots / 4 || this.recorder.backlog > MOST_BACKLOG) {
      state.wakeBelow = Math.floor((slots * 3) / 4);
      return 0;
    }
    const walk = await walkEndpoints(this.db, lane, state.cursor, reach, now);
    const lease = new Date(now.getTime() + TIMEOUT_MS + LEASE_MARGIN_MS);
    const rooms = this.roomsOf(walk.due, state);
    const taken = await claimDue(this.db, lane, rooms, room, now, lease);
    for (const delivery of taken) this.start(state, delivery);
    // Whoever comes after the last one served is first next time, so that none waits for ever.
    state.cursor = taken.length === room ? lastServed(walk.due, taken) : walk.next;
    state.isAmidst = taken.length === 0 && state.cursor !== '';
    state.wakeBelow = rooms.isTight ? Math.floor(state.busy / 2) : -1;
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

  /** `isTight`: an endpoint may have more due than it may take now. */
  private roomsOf(endpoints: readonly string[], { rules }: LaneState): Rooms & { readonly isTight: boolean } {
    const all = endpoints.map((id) => ({ id, room: rules.perEndpoint - (this.perEndpoint.get(id) ?? 0) }));
    const free = all.filter(({ room }) => room > 0);
    return {
      endpoints: free.map(({ id }) => id),
      rooms: free.map(({ room }) => room),
      isTight: free.length < all.length,
    };
  }

  private start(state: LaneState, delivery: DueDelivery): void {
    const { endpointId } = delivery;
    state.busy++;
    state.underWay++;
    this.perEndpoint.set(endpointId, (this.perEndpoint.get(endpointId) ?? 0) + 1);
    let isCounted = true;
    const release = (): void => {
      if (!isCounted) return;
      isCounted = false;
      state.busy--;
      if (state.busy > state.wakeBelow) return;
      state.wakeBelow = -1;
      this.onRoom(state.lane);
    };
    const slow = setTimeout(release, SLOW_MS);
    const attempt = this.sender.send(delivery).then((result) => {
      clearTimeout(slow);
      state.underWay--;
      const left = (this.perEndpoint.get(endpointId) ?? 1) - 1;
      if (left === 0) this.perEndpoint.delete(endpointId);
      else this.perEndpoint.set(endpointId, left);
      this.recorder.add(result);
      this.attempts.delete(attempt);
      release();
    });
    this.attempts.add(attempt);
  }
}

/** The endpoint furthest along the walk that got something. */
function lastServed(walked: readonly string[], taken: readonly DueDelivery[]): string {
  const served = new Set(taken.map(({ endpointId }) => endpointId));
  return walked.findLast((id) => served.has(id)) ?? '';
}
