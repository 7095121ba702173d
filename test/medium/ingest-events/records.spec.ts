import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { UserRef } from '#libs/database';
import type { HealthBatch, WorkoutInput } from '#libs/model';
import { at, batch, cycle, source, workout } from './batches.js';
import { Fixture } from './fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.open();
});
afterAll(() => fixture.close());

interface EventRow {
  id: string;
  external_id: string | null;
  started_at: string;
  ended_at: string;
  type: string | null;
  local_date: string;
  source_name: string;
  duration_seconds: number | null;
  zone_offset: number | null;
  updated_at: string;
}

const events = (user: UserRef): Promise<EventRow[]> =>
  fixture.rows<EventRow>(
    'SELECT * FROM event WHERE user_key = $1 ORDER BY started_at, category DESC, external_id',
    user,
  );
const details = (user: UserRef): Promise<Record<string, unknown>[]> =>
  fixture.rows('SELECT * FROM workout_detail WHERE user_key = $1', user);
const workouts = (...list: WorkoutInput[]): HealthBatch => batch({ workouts: list });
const none = { inserted: 0, updated: 0, unchanged: 0 };

describe('workouts', () => {
  it('are stored with details and track, once', async () => {
    const user = await fixture.user();
    const one = workout({
      detail: {
        heartRateAvg: 151.235,
        distance: 7210.4,
        averageSpeed: 2.785,
        stepsCount: 8123.4,
        segments: [{ kind: 'lap', index: 0 }],
        route: [
          {
            at: at('2026-03-01T17:00'),
            latitude: 47.1234567,
            longitude: 8.5,
            altitudeMeters: null,
            horizontalAccuracyMeters: 5,
          },
        ],
        samples: [{ type: 'heart_rate', value: 120 }],
      },
    });
    const first = await fixture.write(user, workouts(one));
    expect(first.workouts).toEqual({ inserted: 1, updated: 0, unchanged: 0 });
    const [stored] = await events(user);
    expect(stored).toMatchObject({
      external_id: 'w-1',
      type: 'running',
      local_date: '2026-03-01',
      duration_seconds: 3600,
      zone_offset: 60,
    });
    expect(await details(user)).toMatchObject([
      { heart_rate_avg: 151.24, distance: 7210.4, average_speed: 2.79, steps_count: 8123, energy_burned: null },
    ]);
    expect(await fixture.rows('SELECT route, samples FROM workout_track WHERE user_key = $1', user)).toEqual([
      {
        route: [
          {
            time: '2026-03-01T17:00:00Z',
            latitude: 47.1234567,
            longitude: 8.5,
            altitude_meters: null,
            horizontal_accuracy_meters: 5,
          },
        ],
        samples: [{ type: 'heart_rate', value: 120 }],
      },
    ]);
    const again = await fixture.write(user, workouts(one), at('2026-03-11T00:00'));
    expect(again.workouts).toEqual({ inserted: 0, updated: 0, unchanged: 1 });
    expect(await events(user)).toEqual([stored]);
    expect(await fixture.announced(user)).toEqual(['workout.created']);
  });

  it('are updated in place when times or details change', async () => {
    const user = await fixture.user();
    await fixture.write(user, workouts(workout({ detail: { energyBurned: 300 } })));
    const [before] = await events(user);
    const longer = workout({ endedAt: at('2026-03-02T23:30'), detail: { energyBurned: 300 } });
    expect((await fixture.write(user, workouts(longer))).workouts).toEqual({ ...none, updated: 1 });
    const better = { ...longer, detail: { ...longer.detail, energyBurned: 310 } };
    const report = await fixture.write(user, workouts(better), at('2026-03-11T00:00'));
    expect(report.workouts).toEqual({ ...none, updated: 1 });
    expect(await events(user)).toMatchObject([
      { id: before?.id, local_date: '2026-03-03', updated_at: expect.stringContaining('2026-03-11') },
    ]);
    expect(await details(user)).toMatchObject([{ energy_burned: 310 }]);
    expect(await fixture.announced(user)).toEqual(['workout.created', 'workout.updated', 'workout.updated']);
  });

  it('keep laps, zones and track when a later delivery comes without them', async () => {
    const user = await fixture.user();
    const full = workout({ detail: { hrZones: { zones: [] }, samples: [{ a: 1 }], maxWatts: 400 } });
    await fixture.write(user, workouts(full));
    const report = await fixture.write(user, workouts(workout({ detail: { maxWatts: 410 } })));
    expect(report.workouts).toEqual({ ...none, updated: 1 });
    expect(await details(user)).toMatchObject([{ max_watts: 410, hr_zones: { zones: [] } }]);
    expect(await fixture.rows('SELECT samples FROM workout_track WHERE user_key = $1', user)).toEqual([
      { samples: [{ a: 1 }] },
    ]);
  });

  it('keep a number that is known when a later delivery only estimates it', async () => {
    const user = await fixture.user();
    const estimated = (energyBurned: number) => workout({ detail: { energyBurned }, estimates: ['energyBurned'] });
    await fixture.write(user, workouts(estimated(250)));
    expect(await details(user)).toMatchObject([{ energy_burned: 250 }]);
    await fixture.write(user, workouts(workout({ detail: { energyBurned: 310 } })));
    const report = await fixture.write(user, workouts(estimated(250)));
    expect(report.workouts).toEqual({ ...none, unchanged: 1 });
    expect(await details(user)).toMatchObject([{ energy_burned: 310 }]);
  });

  it('keep a zone offset that a later delivery does not know', async () => {
    const user = await fixture.user();
    const late = { startedAt: at('2026-03-02T22:00'), endedAt: at('2026-03-02T23:30') };
    await fixture.write(user, workouts(workout({ ...late, zoneOffset: 60 })));
    const report = await fixture.write(user, workouts(workout({ ...late, zoneOffset: null })));
    expect(report.workouts).toEqual({ ...none, unchanged: 1 });
    expect(await events(user)).toMatchObject([{ zone_offset: 60, local_date: '2026-03-03' }]);
    await fixture.write(user, workouts(workout({ ...late, zoneOffset: -300 })));
    expect(await events(user)).toMatchObject([{ zone_offset: -300, local_date: '2026-03-02' }]);
  });

  it.each([
    ['gains', null, 'w-9'],
    ['loses', 'w-9', null],
  ])('do not double when a record %s its id', async (_, first, second) => {
    const user = await fixture.user();
    await fixture.write(user, workouts(workout({ externalId: first })));
    const [before] = await events(user);
    await fixture.write(user, workouts(workout({ externalId: second })));
    expect(await events(user)).toMatchObject([{ id: before?.id, external_id: 'w-9' }]);
  });

  it('of equal times are different when their ids are', async () => {
    const user = await fixture.user();
    const report = await fixture.write(user, workouts(workout({ externalId: 'a' }), workout({ externalId: 'b' })));
    expect(report.workouts.inserted).toBe(2);
  });

  it('lets the last of equal records in a batch win', async () => {
    const user = await fixture.user();
    const report = await fixture.write(
      user,
      workouts(
        workout({ externalId: null, type: 'walking' }),
        workout({ type: 'hiking' }),
        workout({ type: 'cycling' }),
      ),
    );
    expect(report.workouts).toEqual({ inserted: 1, updated: 0, unchanged: 2 });
    expect(await events(user)).toMatchObject([{ type: 'cycling', external_id: 'w-1' }]);
  });

  it('may swap their times', async () => {
    const user = await fixture.user();
    const early = { startedAt: at('2026-03-01T06:00'), endedAt: at('2026-03-01T07:00') };
    const late = { startedAt: at('2026-03-01T16:00'), endedAt: at('2026-03-01T17:00') };
    await fixture.write(user, workouts(workout({ ...early, externalId: 'a' }), workout({ ...late, externalId: 'b' })));
    await fixture.write(user, workouts(workout({ ...late, externalId: 'a' }), workout({ ...early, externalId: 'b' })));
    expect((await events(user)).map((row) => row.external_id)).toEqual(['b', 'a']);
  });

  it('of two sources stay two', async () => {
    const user = await fixture.user();
    const sources = [source(), source({ source: 'Other app' })];
    await fixture.write(user, batch({ sources, workouts: [workout(), workout({ sourceIndex: 1 })] }));
    expect(await events(user)).toHaveLength(2);
  });

  it('that cannot be stored are named, impossible numbers become null', async () => {
    const user = await fixture.user();
    const nth = (index: number, more: Parameters<typeof workout>[0]) =>
      workout({ origin: { collection: 'workouts', index }, externalId: `n-${index}`, ...more });
    const report = await fixture.write(
      user,
      workouts(
        nth(0, { endedAt: at('2026-03-01T16:59') }),
        nth(1, { endedAt: at('2026-04-05T00:00') }),
        nth(2, { startedAt: Number.NaN }),
        nth(3, {
          durationSeconds: Number.POSITIVE_INFINITY,
          detail: { distance: Number.NaN, heartRateMax: 1e12, averageSpeed: 1000 },
        }),
        nth(4, { externalId: 'x'.repeat(101), sourceName: 'n'.repeat(70), type: 'odd\0' }),
        nth(5, { externalId: 'half \ud800', detail: { segments: [{ 'no\0te': 'nul\0 \udc00' }] } }),
        nth(6, { startedAt: at('2026-03-01T17:00'), endedAt: at('2026-03-01T17:00') }),
      ),
    );
    expect(report.problems.map(({ index, severity, path }) => `${index} ${severity} ${path}`)).toEqual([
      '0 dropped ended_at',
      '1 dropped ended_at',
      '2 dropped started_at',
      '3 warning duration_seconds',
      '3 warning heart_rate_max',
      '3 warning distance',
      '3 warning average_speed',
    ]);
    expect(report.workouts.inserted).toBe(4);
    const stored = await events(user);
    expect(stored.find((row) => row.external_id === 'n-3')?.duration_seconds).toBe(3600);
    expect(stored.find((row) => row.type === 'odd')).toMatchObject({
      source_name: 'n'.repeat(64),
      external_id: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(
      await fixture.rows(`SELECT segments FROM workout_detail WHERE user_key = $1 AND segments IS NOT NULL`, user),
    ).toEqual([{ segments: [{ note: 'nul \uFFFD' }] }]);
    expect((await fixture.write(user, workouts(nth(5, { externalId: 'half \ud800' })))).workouts.unchanged).toBe(1);
  });

  it('are stored once by two parallel identical batches', async () => {
    const user = await fixture.user();
    const reports = await Promise.all([1, 2].map(() => fixture.write(user, workouts(workout({ externalId: null })))));
    expect(reports.map((report) => report.workouts.inserted).sort()).toEqual([0, 1]);
    expect(await events(user)).toHaveLength(1);
  });

  it('cost the same number of statements whatever their number', async () => {
    const user = await fixture.user();
    const statements = async (count: number): Promise<number> => {
      let asked = 0;
      const list = Array.from({ length: count }, (_, i) =>
        workout({ externalId: `${count}-${i}`, detail: { samples: [{ i }], energyBurned: i } }),
      );
      const db = fixture.test.db;
      await fixture.writer.write(
        {
          query: (text, values) => db.query(text, values),
          transaction: (work) =>
            db.transaction((sql) =>
              work({
                query: (text, values) => {
                  asked++;
                  return sql.query(text, values);
                },
              }),
            ),
        },
        user,
        workouts(...list),
      );
      return asked;
    };
    const few = await statements(1);
    expect(await statements(200)).toBe(few);
  });
});

describe('menstrual cycles and activities', () => {
  it('stores cycles with their detail and follows changes', async () => {
    const user = await fixture.user();
    const first = await fixture.write(user, batch({ provider: 'garmin', cycles: [cycle()] }));
    expect(first.cycles).toEqual({ ...none, inserted: 1 });
    const changed = cycle({ detail: { day_in_cycle: 4 } });
    expect((await fixture.write(user, batch({ provider: 'garmin', cycles: [changed] }))).cycles.updated).toBe(1);
    expect((await fixture.write(user, batch({ provider: 'garmin', cycles: [changed] }))).cycles.unchanged).toBe(1);
    expect(await events(user)).toMatchObject([
      { category: 'menstrual_cycle', type: 'follicular', source_name: 'unknown', duration_seconds: null },
    ]);
    expect(await fixture.rows('SELECT detail FROM menstrual_cycle_detail WHERE user_key = $1', user)).toEqual([
      { detail: { day_in_cycle: 4 } },
    ]);
    expect(await fixture.announced(user)).toEqual(['menstrual_cycle.created', 'menstrual_cycle.updated']);
  });

  it('keeps an activity apart from a workout of equal times and tells nobody', async () => {
    const user = await fixture.user();
    const { detail: _, ...common } = workout({ externalId: null });
    const activities = [{ ...common, type: 'moveiq_running', durationSeconds: 3600 }];
    await fixture.write(user, batch({ provider: 'garmin', workouts: [workout({ externalId: null })], activities }));
    expect(await events(user)).toMatchObject([
      { category: 'workout' },
      { category: 'activity', type: 'moveiq_running' },
    ]);
    expect(await fixture.announced(user)).toEqual(['workout.created']);
  });

  it('counts what there is on the whole platform', async () => {
    const user = await fixture.user();
    const before = await fixture.totals();
    await fixture.write(user, batch({ workouts: [workout(), workout({ externalId: 'w-2' })], cycles: [cycle()] }));
    await fixture.write(user, batch({ workouts: [workout()], cycles: [cycle()] }));
    const after = await fixture.totals();
    const grown = (name: string): number => (after[name] ?? 0) - (before[name] ?? 0);
    expect([grown('workouts'), grown('cycles'), grown('events'), grown('sleeps')]).toEqual([2, 1, 3, 0]);
  });
});
