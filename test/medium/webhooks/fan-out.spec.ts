import { beforeEach, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { DatabaseListener, OUTBOX_CHANNEL, stir, type UserRef } from '#libs/database';
import { announce } from '#libs/ingest';
import { HOUR, instantFromDate, MINUTE, SECOND } from '#libs/model';
import { eventSchema, eventType } from '#libs/webhooks';
import { batch, cycle, score, session, workout } from '../ingest-events/batches.js';
import { at, batchOf, point } from '../ingest-points/batches.js';
import { claimDue } from '../../../libs/webhooks/src/delivery/claim.repository.js';
import { later, useWorld, type World } from './world.js';

const ajv = formats.default(new Ajv2020({ strict: false }));
interface EventData {
  [name: string]: unknown;
  samples: Record<string, unknown>[];
  end_time: string;
}

let world: World;
let user: UserRef;

useWorld((opened, fresh) => {
  [world, user] = [opened, fresh];
});

/** What is told, each payload held against the schema of its type. */
async function told(now?: Date): Promise<{ type: string; id: string; data: EventData }[]> {
  await world.relayAll(now);
  return (await world.messages()).map(({ event_type: type, event_id: id, data: text }) => {
    const data = JSON.parse(text!) as EventData;
    const validate = ajv.compile(eventSchema(eventType(type)!));
    if (!validate({ type, data })) throw new Error(`${type}: ${ajv.errorsText(validate.errors)}`);
    return { type, id, data };
  });
}

const T = at('2026-05-01T10:00:00Z');

describe('samples', () => {
  beforeEach(() => world.endpoint());

  it('are told per series, in order, as the group and as the series', async () => {
    await world.write(
      user,
      batchOf([
        point(T + MINUTE, { value: 61.5, zoneOffset: 120 }),
        point(T, { sourceIndex: 1 }),
        point(T, { series: 'steps', value: 12 }),
        point(at('2026-05-01T00:00:00Z'), { series: 'steps', value: 900, isDailyTotal: true }),
        point(T, { series: 'elevation' }),
      ]),
    );
    const events = await told();
    expect(events.map(({ type }) => type).sort()).toEqual([
      'heart_rate.created',
      'series.heart_rate.created',
      'series.steps.created',
      'steps.created',
    ]);
    const [group, series] = events.filter(({ type }) => type.includes('heart_rate'));
    expect(group!.data).toEqual(series!.data);
    expect(JSON.stringify(group!.data)).toBe(
      JSON.stringify({
        user_id: user.id,
        provider: 'apple',
        series_type: 'heart_rate',
        sample_count: 2,
        start_time: '2026-05-01T10:00:00+00:00',
        end_time: '2026-05-01T10:01:00+00:00',
        samples: [
          {
            timestamp: '2026-05-01T10:00:00+00:00',
            zone_offset: null,
            type: 'heart_rate',
            value: 60,
            unit: 'bpm',
            source: { provider: 'apple', device: 'iPhone17,2' },
            is_daily_total: null,
          },
          {
            timestamp: '2026-05-01T10:01:00+00:00',
            zone_offset: '+02:00',
            type: 'heart_rate',
            value: 61.5,
            unit: 'bpm',
            source: { provider: 'apple', device: 'Watch7,1' },
            is_daily_total: null,
          },
        ],
      }),
    );
    expect(group!.id).toMatch(
      new RegExp(
        `^timeseries\\.${user.id}\\.apple\\.heart_rate\\.2026-05-01T10_00_00_00_00\\.2026-05-01T10_01_00_00_00\\.heart_rate\\.created\\.[0-9a-f]{12}$`,
      ),
    );
    const steps = events.find(({ type }) => type === 'steps.created')!;
    expect(steps.data['samples'].map((s: Record<string, unknown>) => s['is_daily_total'])).toEqual([true, false]);
    const [{ contents }] = (await world.db.query('SELECT count(*) AS contents FROM webhook_content')) as [
      { contents: number },
    ];
    expect(contents).toBe(2);
  });

  it('that come again are no event, revised ones are a new one with what changed', async () => {
    const first = batchOf([point(T), point(T + SECOND), point(T + 2 * SECOND)]);
    await world.write(user, first);
    await told();
    await world.write(user, first);
    expect(await told()).toHaveLength(2);
    await world.write(user, batchOf([point(T), point(T + SECOND, { value: 99 }), point(T + 2 * SECOND)]));
    const events = await told();
    expect(events).toHaveLength(4);
    expect(events[3]!.data['samples']).toMatchObject([{ value: 99 }]);
    await world.write(user, first);
    expect(new Set((await told()).map(({ id }) => id)).size).toBe(6);
  });

  it('of 20 equal uploads at once are one event', async () => {
    const one = batchOf([point(T), point(T + SECOND)]);
    await Promise.all(Array.from({ length: 20 }, () => world.write(user, one)));
    await Promise.all([world.relay.run(), world.relay.run(), world.relay.run()]);
    expect((await told()).map(({ type }) => type)).toEqual(['heart_rate.created', 'series.heart_rate.created']);
  });

  it('beyond 2500 are told in chunks', async () => {
    const many = Array.from({ length: 5100 }, (_, i) => point(T + i * SECOND, { value: 60 + (i % 7) }));
    await world.write(user, batchOf(many));
    const events = (await told()).filter(({ type }) => type === 'heart_rate.created');
    expect(events.map(({ data }) => [data['chunk_index'], data['total_chunks'], data['samples'].length])).toEqual([
      [0, 3, 2500],
      [1, 3, 2500],
      [2, 3, 100],
    ]);
    expect(events[1]!.data).toMatchObject({
      sample_count: 5100,
      start_time: '2026-05-01T10:41:40+00:00',
      end_time: '2026-05-01T11:23:19+00:00',
    });
    expect(events[1]!.id).toContain('.chunk1.heart_rate.created.');
    expect(Object.keys(events[0]!.data)).toEqual([
      'user_id',
      'provider',
      'series_type',
      'sample_count',
      'start_time',
      'end_time',
      'samples',
      'chunk_index',
      'total_chunks',
    ]);
  });

  it('that are gone by then are not told', async () => {
    await world.write(user, batchOf([point(T)]));
    await world.db.query('DELETE FROM point WHERE user_key = $1', [user.key]);
    expect(await told()).toEqual([]);
  });
});

describe('records', () => {
  const ALL = [
    'workout.created',
    'workout.updated',
    'workout.deleted',
    'sleep.created',
    'sleep.updated',
    'sleep.deleted',
    'menstrual_cycle.created',
    'menstrual_cycle.updated',
    'health_score.created',
    'health_score.updated',
    'provider_data.deleted',
  ];
  beforeEach(() => world.endpoint('/hook', { filterTypes: ALL }));

  it('are told once as created, and per content as updated', async () => {
    const detail = { energyBurned: 612, distance: 27_450.5, heartRateAvg: 138.7, heartRateMax: 171, averageSpeed: 6.6 };
    const given = { workouts: [workout({ detail })], cycles: [cycle()], scores: [score()] };
    await world.write(user, batch(given));
    await world.write(user, batch(given));
    const events = await told();
    expect(events.map(({ type }) => type).sort()).toEqual([
      'health_score.created',
      'menstrual_cycle.created',
      'workout.created',
    ]);
    const { data, id } = events.find(({ type }) => type === 'workout.created')!;
    expect(id).toBe(`workout.created.${data['id']}`);
    expect(data).toMatchObject({
      user_id: user.id,
      type: 'running',
      start_time: '2026-03-01T17:00:00+00:00',
      zone_offset: '+01:00',
      source: { provider: 'apple', device: 'Watch7,1' },
      calories_kcal: 612,
      distance_meters: 27_450.5,
      avg_heart_rate_bpm: 138,
      avg_pace_sec_per_km: 151,
      elevation_gain_meters: null,
    });
    await world.write(user, batch({ workouts: [workout({ detail: { ...detail, energyBurned: 700 } })] }));
    expect((await told()).at(-1)).toMatchObject({ type: 'workout.updated', data: { calories_kcal: 700 } });
  });

  it('that are deleted are told so', async () => {
    await world.write(user, batch({ workouts: [workout()] }));
    const [created] = await told();
    await world.eraser.deleteEvent(user, 'workout', String(created!.data['id']));
    await world.eraser.deleteProviderData(user, 'apple');
    expect((await told()).slice(1)).toMatchObject([
      { type: 'workout.deleted', data: { id: created!.data['id'], replaced_by: null } },
      { type: 'provider_data.deleted', data: { provider: 'apple', user_id: user.id } },
    ]);
  });

  it('deleted before they are told are told as deleted only', async () => {
    await world.write(user, batch({ workouts: [workout()] }));
    const [{ id }] = (await world.db.query('SELECT id FROM event WHERE user_key = $1', [user.key])) as [{ id: string }];
    await world.eraser.deleteEvent(user, 'workout', id);
    expect((await told()).map(({ type }) => type)).toEqual(['workout.deleted']);
  });

  it('nights are told when they have settled, as they are then', async () => {
    const now = new Date();
    const end = instantFromDate(now) - HOUR;
    const night = (endedAt: number) =>
      batch({ sleepSessions: [session('20:00', '06:00', { startedAt: end - 8 * HOUR, endedAt, externalId: 's' })] });
    await world.write(user, night(end - HOUR));
    expect(await told(now)).toEqual([]);
    await world.write(user, night(end));
    expect(await told(now)).toEqual([]);
    expect(await told(later(30 * 60_000))).toEqual([]);
    const [settled] = await told(later(61 * 60_000));
    expect(settled).toMatchObject({ type: 'sleep.created', data: { is_nap: false } });
    expect(Date.parse(settled!.data['end_time'])).toBe(Math.floor(end / 1000));
    await world.write(
      user,
      batch({
        sleepSessions: [session('22:00', '06:00', { night: '2026-02-01', externalId: 'old' })],
      }),
    );
    expect((await told(later(50))).map(({ type }) => type)).toEqual(['sleep.created', 'sleep.created']);
  });

  it('facts stand in their announcement', async () => {
    await world.clear();
    await world.endpoint();
    await announce(world.db, user, [
      {
        kind: 'connection.created',
        payload: { provider: 'oura', connectionId: ID, connectedAt: '2026-05-01T10:00:00.5Z' },
      },
      {
        kind: 'connection.revoked',
        payload: { provider: 'oura', connectionId: ID, reason: 'deregistration', revokedAt: '2026-05-01T10:00:00Z' },
      },
      {
        kind: 'sync.completed',
        payload: {
          provider: 'oura',
          source: 'pull',
          run_id: 'r 1',
          status: 'partial',
          message: null,
          items_processed: 3,
          metadata: { a: 1 },
        },
      },
      {
        kind: 'sync.failed',
        payload: { provider: 'oura', source: 'pull', run_id: 'r2', error: '', message: 'm', metadata: {} },
      },
      { kind: 'nobody.knows', payload: {} },
    ]);
    const events = await told();
    expect(events.map(({ id }) => id)).toEqual([
      `connection.created.${user.id}.oura.2026-05-01T10_00_00.5_00_00`,
      `connection.revoked.${user.id}.oura.2026-05-01T10_00_00_00_00`,
      'sync.completed.r_1',
      'sync.failed.r2',
    ]);
    expect(events[3]!.data).toMatchObject({ error: 'unknown', user_id: user.id });
    expect(await world.db.query('SELECT FROM outbox')).toEqual([]);
  });
});

const ID = '11111111-2222-4333-8444-555555555555';

describe('endpoints', () => {
  it('get what their filters let through', async () => {
    const other = await world.user();
    const ids: Record<string, string> = {};
    for (const [name, fields] of Object.entries({
      all: {},
      steps: { filterTypes: ['steps.created', 'workout.updated'] },
      mine: { userId: user.id },
      disabled: {},
    })) {
      ids[name] = (await world.endpoint('/hook', fields)).id;
    }
    await world.endpoints.update(null, ids['disabled']!, { disabled: true });
    for (const one of [user, other]) await world.write(one, batchOf([point(T), point(T, { series: 'steps' })]));
    await world.write(other, batch({ workouts: [workout()] }));
    await world.write(other, batch({ workouts: [workout({ type: 'walking' })] }));
    await world.relayAll();
    const rows = await world.db.query<{ endpoint_id: string; types: string[] }>(
      `SELECT d.endpoint_id, array_agg(event_type ORDER BY event_type) AS types
       FROM webhook_delivery d JOIN webhook_message m ON m.id = d.message_id GROUP BY 1`,
    );
    const byEndpoint = Object.fromEntries(rows.map((row) => [row.endpoint_id, row.types]));
    const SAMPLES = ['heart_rate.created', 'series.heart_rate.created', 'series.steps.created', 'steps.created'];
    expect(byEndpoint[ids['all']!]).toEqual([...SAMPLES, ...SAMPLES, 'workout.created'].sort());
    expect(byEndpoint[ids['steps']!]).toEqual(['steps.created', 'steps.created', 'workout.updated']);
    expect(byEndpoint[ids['mine']!]).toEqual(SAMPLES);
    expect(byEndpoint[ids['disabled']!]).toBeUndefined();
  });

  it('that are made later can have what was told before them', async () => {
    await world.write(user, batchOf([point(T)]));
    await world.relayAll();
    expect(await world.types()).toEqual(['heart_rate.created', 'series.heart_rate.created']);
    const { id } = await world.endpoint('/late', { filterTypes: ['heart_rate.created'] });
    expect(await world.manual.replay(null, id, { since: later(-60_000), until: null, includesDelivered: false })).toBe(
      1,
    );
    await world.deliverAll();
    expect(world.sink.at('/late').map(({ body }) => JSON.parse(body))).toMatchObject([
      { type: 'heart_rate.created', data: { user_id: user.id, sample_count: 1 } },
    ]);
  });
});

describe('whoever tells', () => {
  it('is woken by the first announcement, not by those that join it', async () => {
    const listener = new DatabaseListener({ databaseUrl: world.test.url });
    let heard = 0;
    let onHeard = (): void => undefined;
    const next = (): Promise<void> => new Promise((resolve) => (onHeard = resolve));
    await new Promise<void>((began) => listener.listen(OUTBOX_CHANNEL, { began, heard: () => (heard++, onHeard()) }));
    try {
      const woken = next();
      await world.write(user, batchOf([point(T)]));
      await woken;
      await world.write(user, batchOf([point(T + SECOND)]));
      const stirred = next();
      await stir(world.db, OUTBOX_CHANNEL);
      await stirred;
      expect(heard).toBe(2);
    } finally {
      await listener.onModuleDestroy();
    }
  });
});

describe('trouble', () => {
  it('with one announcement keeps no other waiting', async () => {
    await world.endpoint();
    await announce(world.db, user, [{ kind: 'workout.created', payload: { event_id: 'no uuid' } }]);
    await world.write(user, batchOf([point(T)]));
    await world.relayAll();
    expect(await world.types()).toEqual(['heart_rate.created', 'series.heart_rate.created']);
    expect(await world.db.query('SELECT kind, failures FROM outbox')).toEqual([
      { kind: 'workout.created', failures: 1 },
    ]);
    await world.relayAll(later(3_600_000));
    const [row] = await world.db.query<{ failures: number }>('SELECT failures FROM outbox');
    expect(row!.failures).toBe(2);
  });

  it('about a user who goes meanwhile makes no message and sends none', async () => {
    const { id: endpoint } = await world.endpoint();
    await world.write(user, batchOf([point(T)]));
    await world.relayAll();
    await world.write(user, batchOf([point(T + MINUTE)]));
    const told = await world.messages();
    expect(told.length).toBeGreaterThan(0);
    await world.db.query('DELETE FROM users WHERE key = $1', [user.key]);
    await world.relayAll();
    expect(await world.messages()).toEqual(told);
    const rooms = new Map([[endpoint, 10]]);
    expect(await claimDue(world.db, 0, rooms, later(60_000), later(120_000))).toEqual([]);
  });
});
