import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { UserRef } from '#libs/database';
import type { HealthBatch, PointInput } from '#libs/model';
import { batch, onNight, point, segment, session, source, workout } from './batches.js';
import { Fixture } from './fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.open();
});
afterAll(() => fixture.close());

interface VitalRow {
  category: string;
  series_type: number;
  source: string;
  point_count: number;
  sum_value: number;
}

const vitals = (user: UserRef): Promise<VitalRow[]> =>
  fixture.rows<VitalRow>(
    `SELECT e.category, s.series_type, d.source, v.point_count, v.sum_value
     FROM event_vital v
     JOIN event e ON e.user_key = v.user_key AND e.id = v.event_id
     JOIN stream s ON s.user_key = v.user_key AND s.id = v.stream_id
     JOIN data_source d ON d.id = s.source_id
     WHERE v.user_key = $1 ORDER BY e.started_at, s.series_type, d.source`,
    user,
  );
const HEART_RATE = 1;
const RMSSD = 7;
const sources = [source({ source: 'ring' }), source({ source: 'watch' })];
const two = (overrides: Partial<HealthBatch>): HealthBatch => batch({ provider: 'oura', sources, ...overrides });
const hr = (time: string, value: number, sourceIndex = 0): PointInput =>
  point('heart_rate', onNight('2026-03-01', time), value, sourceIndex);
const night = session('22:00', '06:00', { externalId: 'n' });

describe('samples inside events', () => {
  it('of a night: all vitals of all sources, start included, end not', async () => {
    const user = await fixture.user();
    const points = [
      hr('21:59', 99),
      hr('22:00', 50),
      hr('05:59', 54.5),
      hr('06:00', 99),
      hr('03:00', 60, 1),
      point('heart_rate_variability_rmssd', onNight('2026-03-01', '01:00'), 40),
      point('steps', onNight('2026-03-01', '01:00'), 7),
      { ...point('respiratory_rate', onNight('2026-03-01', '01:00'), 14), isDailyTotal: true },
    ];
    await fixture.write(user, two({ points, sleepSessions: [night] }));
    expect(await vitals(user)).toEqual([
      { category: 'sleep', series_type: HEART_RATE, source: 'ring', point_count: 2, sum_value: 104.5 },
      { category: 'sleep', series_type: HEART_RATE, source: 'watch', point_count: 1, sum_value: 60 },
      { category: 'sleep', series_type: RMSSD, source: 'ring', point_count: 1, sum_value: 40 },
    ]);
  });

  it('of a workout: heart rate of the same source alone', async () => {
    const user = await fixture.user();
    const points = [hr('17:10', 120), hr('17:20', 140), hr('17:10', 90, 1)];
    await fixture.write(user, two({ points, workouts: [workout()] }));
    expect(await vitals(user)).toEqual([
      { category: 'workout', series_type: HEART_RATE, source: 'ring', point_count: 2, sum_value: 260 },
    ]);
  });

  it('are counted whichever comes first, events or samples, and follow changed values', async () => {
    const user = await fixture.user();
    await fixture.write(user, two({ sleepSessions: [night], workouts: [workout()] }));
    await fixture.write(user, two({ points: [hr('23:00', 50), hr('17:30', 130)] }));
    await fixture.write(user, two({ points: [hr('23:00', 52), hr('00:30', 48)] }));
    expect(await vitals(user)).toMatchObject([
      { category: 'workout', point_count: 1, sum_value: 130 },
      { category: 'sleep', point_count: 2, sum_value: 100 },
    ]);
  });

  it('follow the window of the event and vanish with it', async () => {
    const user = await fixture.user();
    await fixture.write(user, two({ points: [hr('22:30', 50), hr('05:30', 60)], sleepSessions: [night] }));
    await fixture.write(user, two({ sleepSessions: [session('22:00', '05:00', { externalId: 'n' })] }));
    expect(await vitals(user)).toMatchObject([{ point_count: 1, sum_value: 50 }]);
    await fixture.write(user, two({ sleepSessions: [session('23:00', '05:00', { externalId: 'n' })] }));
    expect(await vitals(user)).toEqual([]);
  });

  it('of several nights touched by one long range of samples', async () => {
    const user = await fixture.user();
    const nights = ['2026-03-01', '2026-03-02', '2026-03-03'];
    const sleepSegments = nights.map((date) => segment('light', '23:00', '06:00', { night: date }));
    await fixture.write(user, two({ sleepSegments }));
    const points = nights.map((date, i) => point('heart_rate', onNight(date, '02:00'), 50 + i));
    await fixture.write(user, two({ points }));
    expect((await vitals(user)).map((row) => row.sum_value)).toEqual([50, 51, 52]);
  });

  it('stay as they are where points of the day were dropped', async () => {
    const user = await fixture.user();
    await fixture.write(user, two({ points: [hr('23:00', 50), hr('02:00', 60)], sleepSessions: [night] }));
    await fixture.test.db.query(`UPDATE rollup SET archived = true WHERE user_key = $1 AND local_date = '2026-03-01'`, [
      user.key,
    ]);
    await fixture.test.db.query(`DELETE FROM point WHERE user_key = $1 AND recorded_at < '2026-03-02'`, [user.key]);
    await fixture.write(user, two({ points: [hr('03:00', 70)] }));
    await fixture.write(user, two({ sleepSessions: [session('22:00', '06:30', { externalId: 'n' })] }));
    expect(await vitals(user)).toMatchObject([{ point_count: 2, sum_value: 110 }]);
  });
});
