import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { AttemptSender, TIMEOUT_MS } from './attempt-sender.js';
import { claimDue, walkEndpoints } from './claim.repository.js';
import type { AttemptResult, DueDelivery, Lane } from './delivery.js';
import { ResultRecorder } from './recorder.js';
import { Track, type TrackRules } from './track.js';
import { SLOW_MS } from './under-way.js';

/** Endpoints that answer, those nobody knows about yet or that hesitate, and those that fail, one by one. */
const RULES = {
  trusted: { slots: 128, perEndpoint: 64 },
  strangers: { slots: 64, perEndpoint: 16 },
  failing: { slots: 32, perEndpoint: 2 },
} as const satisfies Record<string, TrackRules>;
/** Endpoints looked at in one pass, and so many that answered last are remembered. */
const REACH = 500;
/** An attempt whose worker died is made again this long after it should have been over. */
const LEASE_MARGIN_MS = 15_000;
/** Results that may wait to be stored before no more attempts are made. */
const MOST_BACKLOG = 2000;

interface LaneState {
  readonly trusted: Track;
  readonly others: Track;
  cursor: string;
  /** The last walk did not come to the end of the lane. */
  isAmidst: boolean;
}

/** Takes due deliveries in lots and attempts them, so many at once and no more. */
@Injectable()
export class WebhookDispatcher {
  private readonly lanes: readonly [LaneState, LaneState];
  /** Endpoints whose last answer was good and quick, the latest at the end: many that hang do not hold these up. */
  private readonly answering = new Set<string>();
  private readonly attempts = new Set<Promise<void>>();
  /** Called when there is room again for something that waits. */
  onRoom: (lane: Lane) => void = () => undefined;

  constructor(
    private readonly db: Database,
    private readonly sender: AttemptSender,
    private readonly recorder: ResultRecorder,
  ) {
    const track = (lane: Lane, rules: TrackRules): Track => new Track(rules, () => this.onRoom(lane));
    const lane = (of: Lane, rules: TrackRules): LaneState => ({
      trusted: track(of, RULES.trusted),
      others: track(of, rules),
      cursor: '',
      isAmidst: false,
    });
    this.lanes = [lane(0, RULES.strangers), lane(1, RULES.failing)];
  }

  /**
   * Starts attempts of what is due at `now`, as far as there is room; does not wait for them.
   * @returns how many were started
   */
  async pass(lane: Lane, now = new Date()): Promise<number> {
    const state = this.lanes[lane];
    state.isAmidst = false;
    if (this.recorder.backlog > MOST_BACKLOG) return 0;
    const first = this.answering.size > 0 ? state.trusted.room() : 0;
    const rest = state.others.room();
    if (first + rest === 0) return 0;
    const walk = await walkEndpoints(this.db, lane, now, {
      known: first > 0 ? [...this.answering] : [],
      from: state.cursor,
      most: rest > 0 ? REACH : 0,
    });
    const { rooms: trusted } = state.trusted.share(walk.known, first);
    const strangers = walk.due.filter((id) => !this.answering.has(id));
    const { rooms: others, last } = state.others.share(strangers, rest);
    const lease = new Date(now.getTime() + TIMEOUT_MS + LEASE_MARGIN_MS);
    const taken = await claimDue(this.db, lane, new Map([...trusted, ...others]), now, lease);
    for (const delivery of taken) this.start(trusted.has(delivery.endpointId) ? state.trusted : state.others, delivery);
    // Whoever comes after the last one served is first next time, so that none waits for ever.
    state.cursor = last ?? walk.next;
    state.isAmidst = taken.length === 0 && rest > 0 && state.cursor !== '';
    return taken.length;
  }

  /** Whether another pass may find something although the last one found nothing: it did not see all endpoints. */
  isAmidst(lane: Lane): boolean {
    return this.lanes[lane].isAmidst;
  }

  /** Resolves when all attempts are over and stored. */
  async settle(): Promise<void> {
    while (this.attempts.size > 0) await Promise.all(this.attempts);
    await this.recorder.settle();
  }

  private start(track: Track, delivery: DueDelivery): void {
    const end = track.begin(delivery);
    const attempt = this.sender.send(delivery).then((result) => {
      this.judge(result);
      this.recorder.add(result);
      this.attempts.delete(attempt);
      end();
    });
    this.attempts.add(attempt);
  }

  private judge({ delivery, isSuccess, durationMs }: AttemptResult): void {
    this.answering.delete(delivery.endpointId);
    if (!isSuccess || durationMs > SLOW_MS) return;
    this.answering.add(delivery.endpointId);
    if (this.answering.size > REACH) this.answering.delete(this.answering.values().next().value!);
  }
}
