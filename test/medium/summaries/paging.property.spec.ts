import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeCursor, type Paged } from '#libs/read';
import { score, session } from '../ingest-events/batches.js';
import { itemsOf, pagesBackward, pagesForward } from '../read/ranges.js';
import { type PageOptions, type Person, PHONE, RING, sample, time, WATCH, World } from './world.js';

const START = '2026-02-01';
const END = '2026-04-01';
const DAY = 86_400_000;

interface Dated {
  readonly date: string;
}

let world: World;
let person: Person;
const dates = Array.from({ length: 40 }, (_, n) =>
  new Date(Date.parse('2026-02-10') + n * DAY).toISOString().slice(0, 10),
)
  // Gaps of every length up to three days.
  .filter((_, n) => n % 3 !== 1 && n % 7 !== 2);

/** Three sources that share dates in every combination. */
beforeAll(async () => {
  world = await World.open();
  person = await world.person();
  const of = (n: number): string[] => dates.filter((_, index) => (index % 7) & (1 << n));
  const name = 'a | b';
  for (const [n, source] of [WATCH, { ...PHONE, source: name }, RING].entries()) {
    const own = n === 0 ? dates : of(n);
    await person.write((['garmin', 'apple', 'oura'] as const)[n]!, {
      sources: [source],
      points: own.map((date) => sample('steps', `${date}T12:00:00Z`, n + 1)),
      sleepSessions: own.map((date) =>
        session('22:00', '06:00', {
          startedAt: time(`${date}T00:0${n}:00Z`),
          endedAt: time(`${date}T06:00:00Z`),
          zoneOffset: null,
          externalId: null,
        }),
      ),
      scores: own.map((date) => score({ recordedAt: time(`${date}T0${n + 6}:00:00.000001Z`), zoneOffset: null })),
    });
  }
});
afterAll(() => world.close());

const lists: [string, (options: PageOptions) => Promise<Paged<Dated>>, boolean][] = [
  ['activity', (options) => person.activity(START, END, options), false],
  ['activity, newest first', (options) => person.activity(START, END, { ...options, sortOrder: 'desc' }), true],
  ['sleep', (options) => person.sleep(START, END, options), false],
  ['recovery', (options) => person.recovery(START, END, options), false],
];

describe.each(lists)('%s', (_, list, isDescending) => {
  const all = isDescending ? dates.toReversed() : dates;

  it('shows every date once, forward and back, whatever the size of a page', async () => {
    const whole = await list({ limit: 1000 });
    expect(whole.data.map(({ date }) => date)).toEqual(all);
    expect(whole.pagination).toEqual({ next_cursor: null, previous_cursor: null, has_more: false, total_count: null });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: all.length + 2 }), async (limit) => {
        const forward = await pagesForward((cursor) => list({ limit, cursor }));
        expect(itemsOf(forward)).toEqual(whole.data);
        for (const page of forward.slice(0, -1))
          expect([page.data.length, page.pagination.has_more]).toEqual([limit, true]);
        expect(forward.at(-1)!.pagination.has_more).toBe(false);
        const start = forward.at(-1)!.pagination.previous_cursor;
        if (forward.length === 1) {
          expect(start).toBeNull();
          return;
        }
        const back = await pagesBackward((cursor) => list({ limit, cursor }), start!);
        expect([...itemsOf(back), ...forward.at(-1)!.data]).toEqual(whole.data);
        // From the first page reached backward the way leads forward again.
        const again = await list({ limit, cursor: back[0]!.pagination.next_cursor });
        expect(again.data[0]).toEqual(whole.data[back[0]!.data.length]);
      }),
      { numRuns: 8, examples: [[1], [all.length - 1], [all.length]] },
    );
  });
});

describe('a cursor', () => {
  const page = (cursor: string, options: PageOptions = {}) => person.activity(START, END, { ...options, cursor });

  it('names date, source and device, and only its date matters', async () => {
    const { pagination } = await person.activity(START, END, { limit: 1 });
    expect(pagination.next_cursor).toBe(encodeCursor([dates[0]!, 'Watch', 'Watch7,1'], false));
    const forged = await page(encodeCursor([dates[3]!, 'x|y', '|', ''], false), { limit: 1 });
    expect(forged.data.map(({ date }) => date)).toEqual([dates[4]]);
  });

  it('of a night names its date at midnight and its first sleep, that of a recovery its instant and score', async () => {
    const nightOf = async (provider: string) =>
      world.db.query<{ id: string }>(
        `SELECT e.id FROM event e JOIN data_source d ON d.id = e.source_id
         WHERE e.user_key = $1 AND d.provider = $2 AND e.local_date = $3 AND e.category = 'sleep'`,
        [person.user.key, provider, dates[0]],
      );
    const [night] = await nightOf('garmin');
    const sleep = await person.sleep(START, END, { limit: 1 });
    expect(sleep.pagination.next_cursor).toBe(encodeCursor([`${dates[0]}T00:00:00+00:00`, night!.id], false));
    const [first] = await world.db.query<{ id: string }>(
      'SELECT id FROM health_score WHERE user_key = $1 ORDER BY recorded_at LIMIT 1',
      [person.user.key],
    );
    const recovery = await person.recovery(START, END, { limit: 1 });
    const at = `${dates[0]}T06:00:00.000001+00:00`;
    expect(recovery.pagination.next_cursor).toBe(encodeCursor([at, first!.id], false));
  });

  it('of a source without a name says unknown and repeats nothing, newest first', async () => {
    const nameless = await world.person();
    await nameless.write('garmin', {
      sources: [{ ...WATCH, source: null, deviceModel: null }],
      points: ['03', '04', '05'].map((day) => sample('steps', `2026-03-${day}T12:00:00Z`, 1)),
    });
    const list = (cursor: string | null) =>
      nameless.activity(START, END, { limit: 1, sortOrder: 'desc' as const, cursor });
    const pages = await pagesForward(list);
    expect(itemsOf(pages).map(({ date }) => date)).toEqual(['2026-03-05', '2026-03-04', '2026-03-03']);
    expect(pages[0]!.pagination.next_cursor).toBe(encodeCursor(['2026-03-05', 'unknown', ''], false));
  });

  it.each([
    ['before the range', '2020-01-01', false, dates[0]],
    ['behind the range', '2030-01-01', false, undefined],
    ['at the end of all time', '2254-12-31', false, undefined],
    ['behind the range, backward', '2254-12-31', true, dates.at(-1)],
    ['before the range, backward', '1700-01-01', true, undefined],
  ])('%s stays inside the range', async (_, date, isBackward, found) => {
    const { data } = await page(encodeCursor([date, 'unknown', ''], isBackward), { limit: 1 });
    expect(data[0]?.date).toBe(found);
  });

  it.each([
    [encodeCursor(['2026-02-30', 'a', ''], false)],
    [encodeCursor(['2026-02-03', 'a'], false)],
    [encodeCursor(['yesterday', 'a', ''], true)],
    ['not base64!'],
    ['prev_'],
  ])('%s is refused', async (cursor) => {
    await expect(page(cursor)).rejects.toMatchObject({ status: 400 });
    await expect(person.sleep(START, END, { cursor: encodeCursor(['2026-02-03'], false) })).rejects.toMatchObject({
      status: 400,
    });
    await expect(person.recovery(START, END, { cursor })).rejects.toMatchObject({ status: 400 });
  });
});
