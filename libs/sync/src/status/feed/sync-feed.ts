import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { DatabaseListener, type UserRef } from '#libs/database';
import { Failure } from '#libs/model';
import { logger } from '#libs/observability';
import { SYNC_CHANNEL } from '../sync-run.sql.js';
import { feedMetrics, observeFollowers } from './feed.metrics.js';
import { FeedRepository } from './feed.repository.js';
import { Follower, type FollowerLine } from './follower.js';
import { Followers } from './followers.js';

const TICK_MS = 1_000;
/** Events are also looked for unasked: often while nobody tells, seldom in case somebody forgot to. */
const DEAF_LOOK_MS = 1_000;
const LOOK_MS = 10_000;
const USERS_PER_READ = 500;
const EVENTS_PER_READ = 100;
const MOST_FOLLOWERS = 5_000;

export interface FollowOptions {
  /** How many stored events come first. */
  readonly replay: number;
  /** Id of the last event the reader has; what follows it comes first then, whatever `replay` says. */
  readonly after: string | null;
}

/** An open stream, for its far end. */
export interface Following {
  /** The far end can take more again. */
  readonly resume: () => void;
  /** The far end is gone. */
  readonly stop: () => void;
}

/**
 * Live sync events for any number of streams in this process: one connection that listens for all of them, and one
 * short query at a time for whoever was heard of. A stream holds no connection and no events, only how far it is.
 */
@Injectable()
export class SyncFeed implements OnModuleDestroy {
  private readonly followers = new Followers();
  private timer: NodeJS.Timeout | undefined;
  private lookedAtMs = 0;
  private isReading = false;
  private isClosed = false;

  constructor(
    private readonly repository: FeedRepository,
    private readonly listener: DatabaseListener,
  ) {
    observeFollowers(() => this.followers.count);
  }

  /**
   * Sends the user's events to `line`, the stored ones first, until either side ends it.
   * @throws Failure 503 when there are too many streams or the process is ending
   */
  follow(user: UserRef, { replay, after }: FollowOptions, line: FollowerLine): Following {
    if (this.isClosed) throw new Failure(503, 'Server is shutting down');
    if (this.followers.count >= MOST_FOLLOWERS) throw new Failure(503, 'Too many open streams');
    const follower = new Follower(user.key, line, Date.now());
    this.followers.add(follower);
    this.wake();
    this.repository.start(user, replay, after).then(
      (position) => {
        follower.begin(position);
        this.stir(user.key);
      },
      (error: unknown) => this.fail(follower, error),
    );
    return {
      resume: () => {
        follower.resume();
        this.stir(user.key);
      },
      stop: () => void this.followers.remove(follower),
    };
  }

  /** Heartbeats, readers that are too slow or no longer welcome, and what nobody told. To be called every second. */
  async tick(nowMs: number): Promise<void> {
    for (const follower of this.followers.all()) {
      follower.beatIfQuiet(nowMs);
      if (follower.isTooSlow(nowMs)) this.remove(follower, 'slow');
    }
    if (nowMs - this.lookedAtMs >= (this.listener.isListening ? LOOK_MS : DEAF_LOOK_MS)) {
      this.lookedAtMs = nowMs;
      this.followers.stirAll();
    }
    void this.read();
    await this.checkWelcomes(this.followers.all().filter((follower) => follower.isDueForCheck(nowMs)));
  }

  onModuleDestroy(): void {
    this.isClosed = true;
    clearInterval(this.timer);
    for (const follower of this.followers.all()) this.remove(follower, 'shutdown');
  }

  private wake(): void {
    if (this.timer !== undefined) return;
    this.listener.listen(SYNC_CHANNEL, {
      heard: (userKey) => this.stir(Number(userKey)),
      began: () => {
        this.followers.stirAll();
        void this.read();
      },
    });
    this.timer = setInterval(() => void this.tick(Date.now()), TICK_MS).unref();
  }

  private stir(userKey: number): void {
    this.followers.stir(userKey);
    void this.read();
  }

  /** One reader at a time; whoever is stirred meanwhile is read next. */
  private async read(): Promise<void> {
    if (this.isReading) return;
    this.isReading = true;
    try {
      while (this.followers.isAnybodyStirred && !this.isClosed) await this.readOnce();
    } catch (error) {
      // The next tick looks again.
      this.lookedAtMs = 0;
      logger().warn({ err: error }, 'sync_feed_read_failed');
    } finally {
      this.isReading = false;
    }
  }

  private async readOnce(): Promise<void> {
    const reads = this.followers.takeStirred(USERS_PER_READ);
    if (reads.length === 0) return;
    const found = await this.repository.next(reads, EVENTS_PER_READ);
    for (const read of reads) {
      const events = found.get(read.userKey) ?? [];
      feedMetrics.sentEvents.inc(this.followers.deliver(read, events, Date.now()));
      if (events.length === EVENTS_PER_READ) this.followers.stir(read.userKey);
    }
  }

  private async checkWelcomes(due: readonly Follower[]): Promise<void> {
    if (due.length === 0) return;
    try {
      const users = await this.repository.existing(due.map(({ userKey }) => userKey));
      for (const follower of due) {
        if (!users.has(follower.userKey) || !(await follower.isWelcome())) this.remove(follower, 'unwelcome');
      }
    } catch (error) {
      // Nobody is sent away because the database could not be asked; the next check is due soon.
      logger().warn({ err: error }, 'sync_feed_check_failed');
    }
  }

  private fail(follower: Follower, error: unknown): void {
    if (!this.isClosed) logger().error({ err: error }, 'sync_feed_start_failed');
    this.remove(follower, 'error');
  }

  private remove(follower: Follower, reason: 'slow' | 'unwelcome' | 'shutdown' | 'error'): void {
    if (!this.followers.remove(follower)) return;
    feedMetrics.endedStreams.inc({ reason });
    if (reason === 'slow') follower.cut();
    else follower.end();
  }
}
