import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { Sql } from '#libs/database';
import { DatabaseListener } from '#libs/database';
import { configureLogging } from '#libs/observability';
import { newRunId, SyncFeed, SyncRuns, type FollowerLine, type Following, type SyncEvent } from '#libs/sync';
import { FeedRepository } from '../../../libs/sync/src/status/feed/feed.repository.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given, type GivenUser } from '../../support/given.js';

/** The far end of a stream that remembers everything and takes as much as it is told to. */
class Line implements FollowerLine {
  readonly events: SyncEvent[] = [];
  beats = 0;
  state: 'open' | 'ended' | 'cut' = 'open';
  room = Infinity;
  welcome = true;
  following!: Following;
  private waiting: (() => void)[] = [];

  send(event: SyncEvent): boolean {
    this.events.push(event);
    for (const check of this.waiting) check();
    return this.events.length < this.room;
  }

  beat(): boolean {
    this.beats++;
    return true;
  }

  isWelcome = async (): Promise<boolean> => this.welcome;

  end(): void {
    this.state = 'ended';
  }

  cut(): void {
    this.state = 'cut';
  }

  get runs(): string[] {
    return this.events.map(({ run_id }) => run_id);
  }

  has(count: number): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => (this.events.length >= count ? resolve() : undefined);
      this.waiting.push(check);
      check();
    });
  }
}

let database: TestDatabase;
let runs: SyncRuns;
let user: GivenUser;
let feeds: SyncFeed[] = [];
let listeners: DatabaseListener[] = [];

beforeAll(async () => {
  configureLogging({ level: 'silent', service: 'test' });
  Logger.overrideLogger(false);
  database = await openTestDatabase();
  runs = new SyncRuns(database.db);
});
afterAll(() => database.close());
beforeEach(async () => {
  user = await given(database.db).user();
});
afterEach(async () => {
  for (const feed of feeds) feed.onModuleDestroy();
  for (const listener of listeners) await listener.onModuleDestroy();
  feeds = [];
  listeners = [];
});

/** What one process of the API has. */
function openFeed(): SyncFeed {
  const listener = new DatabaseListener({ databaseUrl: database.url });
  const feed = new SyncFeed(new FeedRepository(database.db), listener);
  listeners.push(listener);
  feeds.push(feed);
  return feed;
}

function follow(feed: SyncFeed, options: Partial<{ replay: number; after: string | null }> = {}): Line {
  const line = new Line();
  line.following = feed.follow(user, { replay: 20, after: null, ...options }, line);
  return line;
}

const start = (runId: string, sql?: Sql): Promise<boolean> =>
  runs.start({ runId, userId: user.id, provider: 'polar', source: 'pull' }, sql);

describe('SyncFeed', () => {
  it('sends the newest stored events, oldest first, and then what happens', async () => {
    for (const run of ['a', 'b', 'c']) await start(run + user.id);
    const line = follow(openFeed(), { replay: 2 });
    await line.has(2);
    await start('d' + user.id);
    await line.has(3);
    expect(line.runs.map((run) => run[0])).toEqual(['b', 'c', 'd']);
    expect(line.events[2]).toMatchObject({ user_id: user.id, provider: 'polar', stage: 'started', metadata: {} });
  });

  it('tells every process, and only those who follow this user', async () => {
    const [here, there] = [follow(openFeed()), follow(openFeed())];
    const other = await given(database.db).user();
    const runId = newRunId('pull');
    await runs.start({ runId: newRunId('pull'), userId: other.id, provider: 'polar', source: 'pull' });
    await start(runId);
    await Promise.all([here.has(1), there.has(1)]);
    expect([here.runs, there.runs]).toEqual([[runId], [runId]]);
  });

  it('misses and repeats nothing when an event is committed after a later one', async () => {
    const [one, two] = [openFeed(), openFeed()];
    const [early, late] = [newRunId('pull'), newRunId('pull')];
    const line = follow(one);
    await database.db.transaction(async (sql) => {
      await start(early, sql);
      await start(late);
      await line.has(1);
      expect(line.runs).toEqual([late]);
    });
    await line.has(2);
    expect(line.runs).toEqual([late, early]);

    const behindLate = follow(two, { after: line.events[0]!.event_id });
    const fresh = follow(two);
    await Promise.all([behindLate.has(1), fresh.has(2)]);
    const behindAll = follow(two, { after: line.events[1]!.event_id });
    const last = newRunId('pull');
    await start(last);
    await Promise.all([line.has(3), behindLate.has(2), fresh.has(3), behindAll.has(1)]);
    expect(line.runs).toEqual([late, early, last]);
    expect(behindLate.runs).toEqual([early, last]);
    expect(fresh.runs).toEqual([late, early, last]);
    expect(behindAll.runs).toEqual([last]);
  });

  it('shows the same order everywhere, whatever is written at once', async () => {
    const [one, two] = [openFeed(), openFeed()];
    const lines = [follow(one), follow(two), follow(one)];
    await Promise.all(Array.from({ length: 60 }, () => start(newRunId('pull'))));
    await Promise.all(lines.map((line) => line.has(60)));
    expect(new Set(lines[0]!.runs).size).toBe(60);
    expect(lines[1]!.runs).toEqual(lines[0]!.runs);
    expect(lines[2]!.runs).toEqual(lines[0]!.runs);
  });

  it('goes on behind an event however much came after it, and replays when it does not know the event', async () => {
    for (let n = 0; n < 3; n++) await start(newRunId('pull'));
    const first = follow(openFeed(), { replay: 3 });
    await first.has(3);
    await Promise.all(Array.from({ length: 150 }, () => start(newRunId('pull'))));
    const resumed = follow(openFeed(), { replay: 1, after: first.events[1]!.event_id });
    await resumed.has(151);
    expect(resumed.events[0]).toEqual(first.events[2]);
    const unknown = follow(openFeed(), { replay: 1, after: '00000000-0000-7000-8000-000000000000' });
    await unknown.has(1);
    expect(unknown.events).toEqual(resumed.events.slice(-1));
  });

  it('sends nothing to a reader that is behind, goes on where it stopped, and cuts it off in the end', async () => {
    const feed = openFeed();
    const [slow, quick] = [follow(feed), follow(feed)];
    slow.room = 2;
    for (let n = 0; n < 5; n++) await start(newRunId('pull'));
    await quick.has(5);
    expect(slow.events).toEqual(quick.events.slice(0, 2));
    slow.room = 4;
    slow.following.resume();
    await slow.has(4);
    const now = Date.now();
    await feed.tick(now + 29_000);
    expect([slow.state, slow.beats]).toEqual(['open', 0]);
    await feed.tick(now + 31_000);
    expect([slow.state, quick.state]).toEqual(['cut', 'open']);
    expect(slow.events).toEqual(quick.events.slice(0, 4));
  });

  it('shows every 15 quiet seconds that it lives', async () => {
    const feed = openFeed();
    const line = follow(feed);
    const now = Date.now();
    for (const seconds of [14, 16, 20, 32]) await feed.tick(now + seconds * 1_000);
    expect(line.beats).toBe(2);
  });

  it('ends for readers who are no longer welcome and with the user', async () => {
    const feed = openFeed();
    const [one, two] = [follow(feed), follow(feed)];
    one.welcome = false;
    await feed.tick(Date.now() + 31_000);
    expect([one.state, two.state]).toEqual(['ended', 'open']);
    await database.db.query('DELETE FROM users WHERE id = $1', [user.id]);
    await feed.tick(Date.now() + 62_000);
    expect(two.state).toBe('ended');
  });

  it('catches up after its connection was lost', async () => {
    const line = follow(openFeed());
    await start(newRunId('pull'));
    await line.has(1);
    await database.db.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'listener'`,
    );
    await start(newRunId('pull'));
    await line.has(2);
    expect(new Set(line.runs).size).toBe(2);
  });

  it('ends every stream with the process and opens none after', async () => {
    const feed = openFeed();
    const line = follow(feed);
    feed.onModuleDestroy();
    expect(line.state).toBe('ended');
    expect(() => follow(feed)).toThrow('Server is shutting down');
  });
});
