import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { UserRef } from '#libs/database';
import type { HealthBatch, ScoreInput } from '#libs/model';
import { at, batch, onNight, score, segment, session, source, workedExample, workout } from './batches.js';
import { Fixture } from './fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.open();
});
afterAll(() => fixture.close());

interface ScoreRow {
  id: string;
  provider: string;
  category: string;
  value: number | null;
  recorded_at: string;
  event_id: string | null;
  components: unknown;
}

const scores = (user: UserRef): Promise<ScoreRow[]> =>
  fixture.rows<ScoreRow>('SELECT * FROM health_score WHERE user_key = $1 ORDER BY recorded_at, category, id', user);
const whoop = (overrides: Partial<HealthBatch>): HealthBatch =>
  batch({ provider: 'whoop', sources: [source({ source: 'whoop', deviceModel: null })], ...overrides });
const eventId = async (user: UserRef): Promise<string> => (await fixture.sleeps(user))[0]!.id;

describe('scores', () => {
  it('are replaced by a revision and unchanged by a repetition', async () => {
    const user = await fixture.user();
    const components = { spo2_percentage: { value: 95.5, qualifier: null } };
    const first = await fixture.write(user, whoop({ scores: [score({ value: 61.23456, components })] }));
    expect(first.scores).toEqual({ inserted: 1, updated: 0, unchanged: 0 });
    const again = await fixture.write(user, whoop({ scores: [score({ value: 61.23456, components })] }));
    expect(again.scores).toEqual({ inserted: 0, updated: 0, unchanged: 1 });
    const [stored] = await scores(user);
    expect(stored).toMatchObject({ provider: 'whoop', value: 61.235, event_id: null, components });
    const revised = await fixture.write(user, whoop({ scores: [score({ value: 70 }), score({ value: 71 })] }));
    expect(revised.scores).toEqual({ inserted: 0, updated: 1, unchanged: 1 });
    expect(await scores(user)).toMatchObject([{ id: stored?.id, value: 71, components: null }]);
  });

  it('keep the zone offset that a revision does not know', async () => {
    const user = await fixture.user();
    await fixture.write(user, whoop({ scores: [score({ zoneOffset: -300 })] }));
    const report = await fixture.write(user, whoop({ scores: [score({ zoneOffset: null, value: 12 })] }));
    expect(report.scores).toEqual({ inserted: 0, updated: 1, unchanged: 0 });
    expect(await scores(user)).toMatchObject([{ value: 12, zone_offset: -300 }]);
  });

  it.each(['workout', 'sleep'] as const)('go along when the %s they are about moves', async (category) => {
    const user = await fixture.user();
    const told = (from: string, value: number): HealthBatch => {
      const startedAt = onNight('2026-03-01', from);
      const about = { category, externalId: 'r-1' };
      const strain = score({ category: 'strain', recordedAt: startedAt, value, about });
      const record = { externalId: 'r-1', startedAt, endedAt: onNight('2026-03-01', '06:30') };
      return category === 'workout'
        ? whoop({ workouts: [workout(record)], scores: [strain] })
        : whoop({ sleepSessions: [session(from, '06:30', record)], scores: [strain] });
    };
    await fixture.write(user, told('23:00', 70));
    const [before] = await scores(user);
    const report = await fixture.write(user, told('23:20', 72));
    expect(report.scores).toMatchObject({ inserted: 0, updated: 1 });
    expect(await scores(user)).toMatchObject([{ id: before?.id, value: 72 }]);
    expect((await fixture.write(user, told('23:20', 72))).scores).toMatchObject({ inserted: 0, updated: 0 });
  });

  it('that cannot be stored are named', async () => {
    const user = await fixture.user();
    const nth = (index: number, more: Partial<ScoreInput>) =>
      score({ origin: { collection: 'scores', index }, ...more });
    const report = await fixture.write(
      user,
      whoop({
        scores: [
          nth(0, { recordedAt: Number.NaN }),
          nth(1, { sourceIndex: 4 }),
          nth(2, { category: '' }),
          nth(3, { value: Number.NaN, zoneOffset: 9999 }),
          nth(4, { category: 'strain', value: 1000, sourceIndex: null }),
        ],
      }),
    );
    expect(report.problems.map(({ index, severity, path }) => `${index} ${severity} ${path}`)).toEqual([
      '0 dropped recorded_at',
      '1 dropped source',
      '2 dropped category',
      '3 warning value',
      '3 warning zone_offset',
      '4 warning value',
    ]);
    expect(await scores(user)).toMatchObject([{ value: null }, { value: null, source_id: null }]);
  });

  it('are linked to the night of their session, also after it grew together with another', async () => {
    const user = await fixture.user();
    const parts = [session('22:00', '01:00', { externalId: 'a' }), session('02:00', '06:00', { externalId: 'b' })];
    const late = score({ category: 'sleep', sleepStartedAt: onNight('2026-03-01', '02:00') });
    await fixture.write(user, whoop({ sleepSessions: parts, scores: [late] }));
    expect(await scores(user)).toMatchObject([{ event_id: await eventId(user) }]);
  });

  it('find their night when it comes later', async () => {
    const user = await fixture.user();
    const about = score({ category: 'sleep', sleepStartedAt: onNight('2026-03-01', '22:00') });
    await fixture.write(user, whoop({ scores: [about] }));
    const [before] = await scores(user);
    expect(before?.event_id).toBeNull();
    const report = await fixture.write(user, whoop({ sleepSessions: [session('22:00', '06:00')], scores: [about] }));
    expect(report.scores).toEqual({ inserted: 0, updated: 1, unchanged: 0 });
    expect(await scores(user)).toMatchObject([{ id: before?.id, event_id: await eventId(user) }]);
  });

  it('go to the event that stays when nights grow together; computed ones go away', async () => {
    const user = await fixture.user();
    const first = session('22:00', '00:00', { externalId: 'a' });
    const last = session('03:00', '06:00', { externalId: 'c' });
    const about = (from: string, recordedAt: string) =>
      score({ category: 'sleep', recordedAt: at(recordedAt), sleepStartedAt: onNight('2026-03-01', from) });
    const scored = [about('22:00', '2026-03-02T00:00'), about('03:00', '2026-03-02T06:00')];
    await fixture.write(user, whoop({ sleepSessions: [first, last], scores: scored }));
    const [older, younger] = (await fixture.sleeps(user)).map((row) => row.id);
    await fixture.test.db.query(
      `INSERT INTO health_score (user_key, id, provider, category, recorded_at, event_id)
       SELECT $1, gen_random_uuid(), 'internal', 'sleep', '2026-03-02T06:00Z', e FROM unnest($2::uuid[]) AS e`,
      [user.key, [older, younger]],
    );
    await fixture.write(user, whoop({ sleepSessions: [session('01:00', '02:00', { externalId: 'b' })] }));
    expect((await fixture.sleeps(user)).map((row) => row.id)).toEqual([older]);
    expect((await scores(user)).map((row) => [row.provider, row.event_id])).toEqual([
      ['whoop', older],
      ...(await scores(user)).slice(1).map((row) => [row.provider, older]),
    ]);
    expect((await scores(user)).map((row) => row.provider).sort()).toEqual(['internal', 'whoop', 'whoop']);
  });

  it('computed by the platform: one per night and category, even when its time moves', async () => {
    const user = await fixture.user();
    const own = (recordedAt: string, value: number): HealthBatch =>
      batch({
        provider: 'internal',
        scores: [
          score({
            category: 'sleep',
            value,
            recordedAt: at(recordedAt),
            sleepStartedAt: onNight('2026-03-01', '23:05'),
          }),
        ],
      });
    await fixture.write(user, batch({ provider: 'internal', sleepSegments: workedExample() }));
    await fixture.write(user, own('2026-03-02T06:00', 80));
    const [before] = await scores(user);
    await fixture.write(user, own('2026-03-02T06:30', 82));
    expect(await scores(user)).toMatchObject([{ id: before?.id, value: 82, recorded_at: '2026-03-02T06:30:00Z' }]);
  });
});

describe('the score that comes with segments', () => {
  const samsung = (...sleepSegments: HealthBatch['sleepSegments']): HealthBatch =>
    batch({ provider: 'samsung', sleepSegments });

  it('is kept with the night and moves with its end', async () => {
    const user = await fixture.user();
    await fixture.write(user, samsung(segment('light', '23:00', '03:00', { score: 70, zoneOffset: 120 })));
    const [before] = await scores(user);
    expect(before).toMatchObject({
      provider: 'samsung',
      category: 'sleep',
      value: 70,
      recorded_at: '2026-03-02T03:00:00Z',
      zone_offset: 120,
      event_id: await eventId(user),
    });
    await fixture.write(user, samsung(segment('deep', '03:00', '06:00', { score: 74 })));
    expect(await scores(user)).toMatchObject([{ id: before?.id, value: 74, recorded_at: '2026-03-02T06:00:00Z' }]);
  });

  it('is one for a night that grew together from two', async () => {
    const user = await fixture.user();
    const parts = [
      segment('light', '22:00', '00:00', { score: 50 }),
      segment('light', '04:00', '06:00', { score: 60 }),
      segment('deep', '01:30', '02:30'),
    ];
    for (const part of parts) await fixture.write(user, samsung(part));
    expect(await fixture.sleeps(user)).toHaveLength(1);
    expect(await scores(user)).toMatchObject([
      { value: 60, recorded_at: '2026-03-02T06:00:00Z', event_id: await eventId(user) },
    ]);
    const again = await fixture.write(user, samsung(...parts));
    expect(again.sleep.unchanged).toBe(3);
    expect(await scores(user)).toHaveLength(1);
  });
});
