import { describe, expect, it } from '@jest/globals';
import type { UserRef } from '#libs/database';
import { WebhookRetention } from '#libs/webhooks';
import { given } from '../../support/given.js';
import { batch, workout } from '../ingest-events/batches.js';
import { later, useWorld, type World } from './world.js';

let world: World;
let user: UserRef;

useWorld((opened, fresh) => {
  [world, user] = [opened, fresh];
});

const DAY_MS = 24 * 3600 * 1000;

const ALL = { limit: 50, iterator: null, before: null, after: null, status: null, eventTypes: null };

describe('by hand', () => {
  it('a test goes to its endpoint alone, whatever it filters', async () => {
    const { id } = await world.endpoint('/scoped', { filterTypes: ['steps.created'], userId: user.id });
    await world.endpoint('/other');
    const ids = [
      await world.manual.test(null, id, 'workout.created'),
      await world.manual.test(null, id, 'sync.started'),
    ];
    await world.deliverAll();
    expect(world.sink.types('/scoped').sort()).toEqual(['sync.started', 'workout.created']);
    expect(world.sink.at('/other')).toEqual([]);
    expect(world.sink.received.map(({ headers }) => headers['svix-id']).sort()).toEqual(ids.sort());
    expect((await world.history.attempts(null, id, ALL)).data[0]).toMatchObject({ triggerType: 1 });
    await expect(world.manual.test(null, id, 'nothing.created')).rejects.toMatchObject({ status: 400 });
  });

  it('one message is sent again', async () => {
    const { id } = await world.endpoint();
    await world.tell(user);
    await world.deliverAll();
    const [message] = await world.messages();
    await world.manual.resend(null, id, message!.id);
    await world.deliverAll();
    expect(world.sink.received.map(({ headers }) => headers['svix-id'])).toEqual([message!.id, message!.id]);
    await expect(world.manual.resend(null, id, 'msg_none')).rejects.toMatchObject({ status: 404 });
    await world.endpoints.update(null, id, { disabled: true });
    await expect(world.manual.resend(null, id, message!.id)).rejects.toMatchObject({ status: 409 });
  });

  it('one message that is asked for again while it is under way is sent again', async () => {
    const { id } = await world.endpoint();
    await world.tell(user);
    const [message] = await world.messages();
    const dispatcher = world.dispatcher();
    await dispatcher.pass(0, later(5));
    await world.manual.resend(null, id, message!.id);
    await dispatcher.settle();
    await world.deliverAll();
    expect(world.sink.received).toHaveLength(2);
    expect(await world.deliveries()).toEqual([]);
  });

  it('what was missed is sent from a date on', async () => {
    await world.endpoint('/first');
    await world.tell(user, 'w1');
    // Ids tell time in steps of four milliseconds.
    await new Promise((resolve) => setTimeout(resolve, 10));
    const since = new Date();
    await world.tell(user, 'w2');
    await world.write(user, batch({ workouts: [workout({ type: 'walking' })] }));
    await world.relayAll();
    await world.deliverAll();
    world.sink.answer('/late', (res) => res.writeHead(200).end());
    const { id } = await world.endpoint('/late');
    const range = { since, until: null, includesDelivered: false };
    expect(await world.manual.replay(null, id, range)).toBe(2);
    await world.deliverAll();
    expect(world.sink.at('/late')).toHaveLength(2);
    expect(await world.manual.replay(null, id, range)).toBe(0);
    expect(await world.manual.replay(null, id, { ...range, includesDelivered: true })).toBe(2);
    expect(await world.manual.replay(null, id, { ...range, since: new Date(0) })).toBe(1);
    expect(await world.manual.replay(null, id, { ...range, since: later(60_000) })).toBe(0);
  });
});

describe('history', () => {
  it('pages both ways through messages and attempts', async () => {
    const { id } = await world.endpoint();
    for (let i = 0; i < 5; i++) await world.tell(user, `w${i}`);
    await world.deliverAll();
    const ids = (await world.messages()).map((message) => message.id).reverse();
    const page = (iterator: string | null) => world.history.messages(null, { ...ALL, limit: 2, iterator });
    const first = await page(null);
    expect(first).toMatchObject({ done: false, iterator: ids[1], prevIterator: `-${ids[0]}` });
    const second = await page(first.iterator);
    const third = await page(second.iterator);
    expect([...first.data, ...second.data, ...third.data].map((message) => message.id)).toEqual(ids);
    expect(third.done).toBe(true);
    expect((await page(third.prevIterator)).data).toEqual(second.data);
    expect(await page(third.iterator)).toEqual({ data: [], done: true, iterator: null, prevIterator: null });
    expect(first.data[0]).toMatchObject({
      channels: [`user.${user.id}`],
      tags: null,
      payload: null,
      timestamp: expect.stringMatching(/\+00:00$/),
    });
    const attempts = (rest: object) => world.history.attempts(null, id, { ...ALL, ...rest });
    expect((await attempts({})).data).toHaveLength(5);
    expect((await attempts({ status: 2 })).data).toEqual([]);
    expect((await attempts({ eventTypes: ['workout.created'] })).data).toHaveLength(5);
    expect((await attempts({ eventTypes: ['steps.created'] })).data).toEqual([]);
    expect((await attempts({ before: '2020-01-01T00:00:00Z' })).data).toEqual([]);
    expect((await attempts({ before: '9999-01-01T00:00:00Z', after: '2020-01-01T00:00:00Z' })).data).toHaveLength(5);
    expect((await attempts({ after: later(1000).toISOString() })).data).toEqual([]);
    const between = { after: second.data[1]!.timestamp, before: later(1000).toISOString() };
    for (const iterator of [first.iterator, third.prevIterator]) {
      expect((await world.history.messages(null, { ...ALL, ...between, iterator })).data.length).toBeLessThan(4);
    }
    expect((await world.history.messages(null, { ...ALL, ...between })).data.map(({ id: one }) => one)).toEqual(
      ids.slice(0, 3),
    );
    expect((await attempts({})).data[0]!.msg).toMatchObject({ id: ids[0], payload: { type: 'workout.created' } });
  });

  it('belongs to the owner of the endpoint', async () => {
    const [one, two] = [await given(world.db).developer(), await given(world.db).developer()];
    const { id } = await world.endpoint('/hook', {}, one.id);
    await world.manual.test(one.id, id, 'steps.created');
    expect((await world.history.messages(one.id, ALL)).data).toHaveLength(1);
    expect((await world.history.messages(two.id, ALL)).data).toEqual([]);
    await expect(world.history.attempts(two.id, id, ALL)).rejects.toMatchObject({ status: 404 });
    expect(await world.endpoints.list(two.id)).toEqual([]);
  });
});

describe('retention', () => {
  it('drops bodies, then messages, and what deleted endpoints leave', async () => {
    const { id } = await world.endpoint();
    world.sink.answer('/hook', (response) => response.writeHead(200).end('thanks'));
    await world.tell(user);
    await world.deliverAll();
    const retention = new WebhookRetention(world.db, { webhookBodyDays: 30 });
    await retention.run(later(29 * DAY_MS));
    expect((await world.messages())[0]!.data).not.toBeNull();
    await retention.run(later(31 * DAY_MS));
    expect((await world.history.attempts(null, id, ALL)).data).toMatchObject([
      { response: '', msg: { payload: { expired: true } } },
    ]);
    const [message] = await world.messages();
    await expect(world.manual.resend(null, id, message!.id)).rejects.toMatchObject({ status: 409 });
    await world.endpoints.delete(null, id);
    await world.db.query(`UPDATE webhook_endpoint SET deleted_at = now() - interval '2 hours'`);
    await retention.run();
    expect([await world.deliveries(), await world.attempts()]).toEqual([[], []]);
    expect(await world.db.query('SELECT FROM webhook_endpoint')).toEqual([]);
    await retention.run(later(91 * DAY_MS));
    expect(await world.messages()).toEqual([]);
  });
});
