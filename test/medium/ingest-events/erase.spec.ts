import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { UserRef } from '#libs/database';
import { batch, cycle, onNight, point, score, segment, session, source, workedExample, workout } from './batches.js';
import { Fixture } from './fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.open();
});
afterAll(() => fixture.close());

const count = async (user: UserRef, table: string): Promise<number> => {
  const [row] = await fixture.rows<{ count: number }>(`SELECT count(*) FROM ${table} WHERE user_key = $1`, user);
  return row!.count;
};
const idOf = async (user: UserRef, category: string): Promise<string> => {
  const rows = await fixture.rows<{ id: string; category: string }>(
    'SELECT id, category FROM event WHERE user_key = $1',
    user,
  );
  return rows.find((row) => row.category === category)!.id;
};

describe('deleting an event', () => {
  it('takes its detail along, leaves points, and is remembered by id', async () => {
    const user = await fixture.user();
    const points = [point('heart_rate', onNight('2026-03-01', '17:10'), 120)];
    const whole = batch({ workouts: [workout({ detail: { samples: [] } })], points });
    await fixture.write(user, whole);
    const before = await fixture.totals();
    expect(await fixture.eraser.deleteEvent(user, 'workout', await idOf(user, 'workout'))).toBe(true);
    for (const table of ['event', 'workout_detail', 'workout_track', 'event_vital'])
      expect(await count(user, table)).toBe(0);
    expect(await count(user, 'point')).toBe(1);
    expect((await fixture.totals())['workouts']).toBe(before['workouts']! - 1);

    const again = await fixture.write(user, whole);
    expect(again.workouts).toEqual({ inserted: 0, updated: 0, unchanged: 1 });
    const moved = workout({ endedAt: onNight('2026-03-01', '18:30') });
    expect((await fixture.write(user, batch({ workouts: [moved] }))).workouts.unchanged).toBe(1);
    expect(await count(user, 'event')).toBe(0);
    const other = await fixture.write(user, batch({ workouts: [workout({ externalId: 'another' })] }));
    expect(other.workouts.inserted).toBe(1);
  });

  it('takes the scores linked to a night along, and leaves other scores and the samples', async () => {
    const user = await fixture.user();
    const night = { recordedAt: onNight('2026-03-01', '22:00'), sleepStartedAt: onNight('2026-03-01', '22:00') };
    const scores = [
      score({ category: 'sleep', ...night }),
      score({ category: 'recovery', ...night }),
      score({ category: 'strain', ...night, sleepStartedAt: null }),
    ];
    const points = [point('heart_rate', onNight('2026-03-01', '23:10'), 55)];
    const sleepSessions = [session('22:00', '06:00', { externalId: 'n' })];
    await fixture.write(user, batch({ provider: 'whoop', sleepSessions, scores, points }));
    await fixture.eraser.deleteEvent(user, 'sleep', await idOf(user, 'sleep'));
    const left = await fixture.rows<{ category: string }>(
      'SELECT category FROM health_score WHERE user_key = $1',
      user,
    );
    expect(left).toEqual([{ category: 'strain' }]);
    expect([await count(user, 'sleep_detail'), await count(user, 'event_vital'), await count(user, 'point')]).toEqual([
      0, 0, 1,
    ]);
  });

  it('without an id is remembered by its times', async () => {
    const user = await fixture.user();
    await fixture.write(user, batch({ workouts: [workout({ externalId: null })], cycles: [cycle()] }));
    await fixture.eraser.deleteEvent(user, 'workout', await idOf(user, 'workout'));
    await fixture.eraser.deleteEvent(user, 'menstrual_cycle', await idOf(user, 'menstrual_cycle'));
    const again = await fixture.write(user, batch({ workouts: [workout()], cycles: [cycle()] }));
    expect([again.workouts.unchanged, again.cycles.unchanged]).toEqual([1, 1]);
    expect(await count(user, 'event')).toBe(0);
  });

  it('finds nothing under another category, another user or an unknown id', async () => {
    const [user, stranger] = [await fixture.user(), await fixture.user()];
    await fixture.write(user, batch({ workouts: [workout()] }));
    const id = await idOf(user, 'workout');
    expect(await fixture.eraser.deleteEvent(user, 'sleep', id)).toBe(false);
    expect(await fixture.eraser.deleteEvent(stranger, 'workout', id)).toBe(false);
    expect(await fixture.eraser.deleteEvent(user, 'workout', randomUUID())).toBe(false);
    expect(await count(user, 'event')).toBe(1);
  });

  it('keeps a deleted night deleted, with its scores, until there are other segments', async () => {
    const user = await fixture.user();
    const night = batch({
      provider: 'samsung',
      sleepSegments: [segment('awake', '22:00', '22:40'), ...workedExample().map((part) => ({ ...part, score: 80 }))],
    });
    await fixture.write(user, night);
    expect(await count(user, 'health_score')).toBe(1);
    expect(await fixture.eraser.deleteEvent(user, 'sleep', await idOf(user, 'sleep'))).toBe(true);
    expect([await count(user, 'event'), await count(user, 'health_score')]).toEqual([0, 0]);
    const again = await fixture.write(user, night);
    expect(again.sleep).toEqual({ inserted: 0, updated: 0, unchanged: 7 });
    expect(await fixture.sleeps(user)).toEqual([]);
    await fixture.write(user, batch({ provider: 'samsung', sleepSegments: [segment('rem', '05:00', '05:30')] }));
    expect(await fixture.windows(user)).toEqual(['05:00-05:30']);
  });

  it('keeps a deleted session deleted when the vendor revises it, and its score away', async () => {
    const user = await fixture.user();
    const about = score({ category: 'sleep', sleepStartedAt: onNight('2026-03-01', '22:00') });
    const part = session('22:00', '06:00', { externalId: 'n' });
    await fixture.write(user, batch({ provider: 'oura', sleepSessions: [part], scores: [about] }));
    await fixture.eraser.deleteEvent(user, 'sleep', await idOf(user, 'sleep'));
    const revised = { ...part, endedAt: onNight('2026-03-01', '06:30'), totalMinutes: 420 };
    const report = await fixture.write(user, batch({ provider: 'oura', sleepSessions: [revised], scores: [about] }));
    expect([report.sleep.unchanged, report.scores.unchanged]).toEqual([1, 1]);
    expect([await count(user, 'event'), await count(user, 'health_score')]).toEqual([0, 0]);
  });
});

describe('deleting the data of a provider', () => {
  it('takes scores and sources with everything below, and nothing of others', async () => {
    const user = await fixture.user();
    const all = {
      workouts: [workout()],
      cycles: [cycle()],
      sleepSessions: [session('22:00', '06:00', { externalId: 'n' })],
      scores: [score({ sourceIndex: null })],
      points: [point('heart_rate', onNight('2026-03-01', '23:10'), 55)],
    };
    const empty = await fixture.totals();
    await fixture.write(user, batch({ provider: 'garmin', sources: [source({ source: 'garmin' })], ...all }));
    const onlyGarmin = await fixture.totals();
    await fixture.write(user, batch({ provider: 'oura', sources: [source({ source: 'oura' })], ...all }));
    const ouraNight = (await fixture.sleeps(user)).find((row) => row.source === 'oura')!.id;
    await fixture.test.db.query(
      `INSERT INTO health_score (user_key, id, provider, category, recorded_at, event_id)
       VALUES ($1, gen_random_uuid(), 'internal', 'sleep', '2026-03-02T06:00Z', $2)`,
      [user.key, ouraNight],
    );
    const event = (
      await fixture.rows<{ id: string }>(
        `SELECT e.id FROM event e JOIN data_source s ON s.id = e.source_id
       WHERE e.user_key = $1 AND s.provider = 'oura' AND e.category = 'workout'`,
        user,
      )
    )[0]!;
    await fixture.eraser.deleteEvent(user, 'workout', event.id);

    await fixture.eraser.deleteProviderData(user, 'oura');
    const providers = await fixture.rows('SELECT provider FROM data_source WHERE user_key = $1', user);
    expect(providers).toEqual([{ provider: 'garmin' }]);
    expect(await fixture.rows('SELECT provider FROM health_score WHERE user_key = $1', user)).toEqual([
      { provider: 'garmin' },
    ]);
    expect([await count(user, 'event'), await count(user, 'point'), await count(user, 'sleep_fragment')]).toEqual([
      3, 1, 1,
    ]);
    expect([await count(user, 'event_tombstone'), await count(user, 'event_vital')]).toEqual([0, 1]);
    expect(await fixture.totals()).toEqual(onlyGarmin);

    await fixture.eraser.deleteProviderData(user, 'garmin');
    expect(Object.values(await fixture.totals()).reduce((sum, value) => sum + value, 0)).toBe(
      Object.values(empty).reduce((sum, value) => sum + value, 0),
    );
    for (const table of ['event', 'data_source', 'stream', 'rollup', 'health_score'])
      expect(await count(user, table)).toBe(0);
  });

  it('of a provider without data changes nothing', async () => {
    const user = await fixture.user();
    await fixture.write(user, batch({ workouts: [workout()] }));
    await fixture.eraser.deleteProviderData(user, 'polar');
    expect(await count(user, 'event')).toBe(1);
  });
});
