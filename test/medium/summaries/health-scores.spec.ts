import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { HealthScoreReader, type HealthScoreQuery } from '#libs/read';
import { score } from '../ingest-events/batches.js';
import { type Person, time, World } from './world.js';

const ALL: HealthScoreQuery = { start: null, end: null, category: null, provider: null, limit: 50, offset: 0 };
const CATEGORIES = ['sleep', 'recovery', 'readiness', 'activity', 'stress', 'strain', 'body_battery'];

let world: World;
let reader: HealthScoreReader;
let person: Person;

beforeAll(async () => {
  world = await World.open();
  reader = new HealthScoreReader(world.db);
  person = await world.person();
  const recordedAt = time('2026-03-04T07:00:00.000120Z');
  await person.write('garmin', {
    scores: CATEGORIES.map((category) => score({ recordedAt, category, sourceIndex: null })),
  });
});
afterAll(() => world.close());

it('scores of one instant keep one order over all pages', async () => {
  const ids: string[] = [];
  for (let offset = 0; offset < CATEGORIES.length; offset += 2) {
    const page = await reader.page(person.user.id, { ...ALL, limit: 2, offset });
    expect(page.pagination).toEqual({
      next_cursor: null,
      previous_cursor: null,
      total_count: 7,
      has_more: offset + 2 < 7,
    });
    expect(page.metadata).toEqual({
      resolution: null,
      sample_count: Math.min(2, 7 - offset),
      start_time: null,
      end_time: null,
    });
    ids.push(...page.data.map(({ id }) => id));
  }
  expect(ids).toEqual([...new Set(ids)].sort().reverse());
  expect(ids).toHaveLength(7);
});

it('a revision replaces the score and keeps its id', async () => {
  const query = { ...ALL, category: 'stress' as const };
  const [before] = (await reader.page(person.user.id, query)).data;
  await person.write('garmin', {
    scores: [
      score({
        recordedAt: time('2026-03-04T07:00:00.000120Z'),
        category: 'stress',
        sourceIndex: null,
        value: 12.5,
        qualifier: 'low',
        zoneOffset: -330,
        components: { rest: { value: null, qualifier: 'x' } },
      }),
    ],
  });
  const { data, pagination } = await reader.page(person.user.id, query);
  expect(pagination.total_count).toBe(1);
  expect(data).toEqual([
    {
      id: before!.id,
      category: 'stress',
      value: 12.5,
      qualifier: 'low',
      recorded_at: '2026-03-04T07:00:00.000120Z',
      zone_offset: '-05:30',
      components: { rest: { value: null, qualifier: 'x' } },
      data_source_id: null,
      provider: 'garmin',
    },
  ]);
});

it('a provider that nobody knows shows as null', async () => {
  const other = await world.person();
  await other.write('garmin', { scores: [score({ sourceIndex: null, components: { rest: null } as never })] });
  await world.db.query(`UPDATE health_score SET provider = 'acme' WHERE user_key = $1`, [other.user.key]);
  const { data } = await reader.page(other.user.id, ALL);
  expect(data).toMatchObject([{ provider: null, components: { rest: { value: null, qualifier: null } } }]);
});
