import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ProviderCode, ScoreInput } from '#libs/model';
import { score } from '../ingest-events/batches.js';
import { type Person, time, WATCH, World } from './world.js';

let world: World;
let person: Person;

beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

const scored = (at: string, fields: Partial<ScoreInput> = {}): ScoreInput =>
  score({ recordedAt: time(at), zoneOffset: null, sourceIndex: null, ...fields });

const write = (provider: ProviderCode, ...scores: ScoreInput[]): Promise<void> => person.write(provider, { scores });

const days = async (start = '2026-03-01', end = '2026-04-01') => (await person.recovery(start, end)).data;

describe('a recovery', () => {
  beforeEach(async () => {
    person = await world.person();
  });

  it('shows the score and the vitals behind it', async () => {
    const components = {
      resting_heart_rate: { value: 51.9, qualifier: null },
      hrv_rmssd_milli: { value: 62.53, qualifier: null },
      spo2_percentage: { value: 96.2, qualifier: null },
    };
    await person.write('whoop', {
      scores: [scored('2026-03-04T07:00:00Z', { sourceIndex: 0, value: 66.9, components })],
    });
    expect(await days()).toEqual([
      {
        date: '2026-03-04',
        source: expect.objectContaining({
          provider: 'whoop',
          source: 'Watch',
          device: 'Watch7,1',
          device_type: 'watch',
        }),
        sleep_duration_seconds: null,
        sleep_efficiency_percent: null,
        resting_heart_rate_bpm: 51,
        avg_hrv_sdnn_ms: 62.53,
        avg_hrv_rmssd_ms: 62.53,
        avg_spo2_percent: 96.2,
        recovery_score: 66,
      },
    ]);
  });

  it('knows nothing that was not delivered', async () => {
    await write(
      'whoop',
      scored('2026-03-04T07:00:00Z', { value: null, components: { spo2_percentage: { value: null, qualifier: 'x' } } }),
    );
    expect(await days()).toMatchObject([
      { recovery_score: null, resting_heart_rate_bpm: null, avg_spo2_percent: null },
    ]);
  });

  it.each([
    [1, 0],
    [2, 20],
    [4.3, 66],
    [6, 100],
    [7, 100],
    [0, 0],
  ])('of Polar %d is %d of a hundred', async (value, percent) => {
    await write('polar', scored('2026-03-04T07:00:00Z', { value }));
    expect(await days()).toMatchObject([{ recovery_score: percent }]);
  });

  it('of a provider alone has a source without names; its score is cut and stays within 100', async () => {
    await write(
      'whoop',
      scored('2026-03-04T07:00:00Z', { value: 99.99 }),
      scored('2026-03-05T07:00:00Z', { value: 130 }),
    );
    const nothing = { source: null, device: null, device_type: null, device_name: null };
    expect((await days()).map(({ source, recovery_score }) => [source, recovery_score])).toEqual([
      [{ provider: 'whoop', ...nothing }, 99],
      [{ provider: 'whoop', ...nothing }, 100],
    ]);
    expect(await days('2026-03-06', '2026-03-01')).toEqual([]);
  });

  it('belongs to the local date of its offset', async () => {
    await write(
      'whoop',
      scored('2026-03-04T11:00:00Z', { zoneOffset: 840 }),
      scored('2026-03-04T10:30:00Z', { zoneOffset: -660 }),
      scored('2026-03-04T12:00:00Z'),
    );
    expect((await days()).map((day) => day.date)).toEqual(['2026-03-03', '2026-03-05', '2026-03-04']);
  });

  it('takes the range as instants', async () => {
    await write('whoop', scored('2026-03-04T07:00:00Z'), scored('2026-03-05T07:00:00Z'));
    expect(await days('2026-03-04T07:00:00Z', '2026-03-05T07:00:00Z')).toMatchObject([{ date: '2026-03-04' }]);
    expect(await days('2026-03-04T07:00:00.000001Z', '2026-03-05T07:00:00.000001Z')).toMatchObject([
      { date: '2026-03-05' },
    ]);
  });

  it('is one per date: of the best source the earliest, and one with a value', async () => {
    await write('whoop', scored('2026-03-04T05:00:00Z', { value: 10 }));
    await write('polar', scored('2026-03-04T08:00:00Z', { value: 2 }), scored('2026-03-04T07:00:00Z', { value: 3 }));
    await write('suunto', scored('2026-03-04T04:00:00Z', { value: 50 }));
    await write('garmin', scored('2026-03-04T03:00:00Z', { value: null }));
    const { data } = await person.recovery('2026-03-01', '2026-04-01', { explain: true });
    expect(data).toMatchObject([{ source: { provider: 'polar' }, recovery_score: 40 }]);
    expect(data[0]!.explain).toEqual({
      recovery_score: { source: data[0]!.source, reason: 'provider_priority', candidates: 4 },
    });
    await person.prefers({ provider: 'whoop' });
    expect((await person.recovery('2026-03-01', '2026-04-01', { explain: true })).data).toMatchObject([
      { recovery_score: 10, explain: { recovery_score: { reason: 'user_override' } } },
    ]);
  });

  it('is ranked before it is paged: a page is full although every date has two scores', async () => {
    for (const day of [1, 2, 3]) {
      await write('whoop', scored(`2026-03-0${day}T06:00:00Z`));
      await write('polar', scored(`2026-03-0${day}T07:00:00Z`));
    }
    const page = await person.recovery('2026-03-01', '2026-04-01', { limit: 2 });
    expect(page.data.map((day) => [day.date, day.source.provider])).toEqual([
      ['2026-03-01', 'polar'],
      ['2026-03-02', 'polar'],
    ]);
    expect(page.pagination.has_more).toBe(true);
    const next = await person.recovery('2026-03-01', '2026-04-01', { limit: 2, cursor: page.pagination.next_cursor });
    expect(next.data.map((day) => day.date)).toEqual(['2026-03-03']);
    const back = await person.recovery('2026-03-01', '2026-04-01', {
      limit: 2,
      cursor: next.pagination.previous_cursor,
    });
    expect(back.data).toEqual(page.data);
    expect(back.pagination).toMatchObject({ has_more: false, previous_cursor: null });
    expect(back.pagination.next_cursor).toBe(page.pagination.next_cursor);
  });

  it('is none of another category', async () => {
    await person.write('oura', {
      sources: [WATCH],
      scores: [scored('2026-03-04T07:00:00Z', { category: 'readiness' })],
    });
    expect(await days()).toEqual([]);
  });
});
