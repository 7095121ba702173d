import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import type { UserRef } from '#libs/database';
import { announce } from '#libs/ingest';
import type { WebhookDispatcher } from '#libs/webhooks';
import { at, batchOf, point } from '../ingest-points/batches.js';
import { later, useWorld, type World } from './world.js';

let world: World;
let user: UserRef;

useWorld((opened, fresh) => {
  [world, user] = [opened, fresh];
});

const T = at('2026-05-01T10:00:00Z');

describe('a worker that dies', () => {
  it('during an attempt leaves it to another, after its time', async () => {
    await world.endpoint();
    await world.tell(user);
    let sent = 0;
    world.sink.answer('/hook', (response) => {
      sent++;
      response.writeHead(204).end();
    });
    const dead = world.dispatcher();
    // As if it were killed: what it attempted is never recorded.
    (dead as unknown as { recorder: { add(): void } }).recorder = { add: () => undefined, backlog: 0 } as never;
    await dead.pass(0);
    await world.deliverAll(later(20_000));
    expect(await world.attempts()).toEqual([]);
    await world.deliverAll(later(31_000));
    expect(sent).toBe(2);
    expect(await world.deliveries()).toEqual([]);
  });
});

describe('two workers', () => {
  it('share the work and attempt nothing twice', async () => {
    await world.endpoint('/a');
    await world.endpoint('/b');
    await world.write(
      user,
      batchOf(
        Array.from({ length: 30 }, (_, i) =>
          point(T + i * 1_000_000, { series: ['steps', 'heart_rate', 'weight'][i % 3]! }),
        ),
      ),
    );
    await world.relayAll();
    const workers = [world.dispatcher(), world.dispatcher()];
    for (let started = 1; started > 0;) {
      started = (await Promise.all(workers.map((worker) => worker.pass(0)))).reduce((a, b) => a + b);
    }
    await Promise.all(workers.map((worker) => worker.settle()));
    expect(world.sink.received).toHaveLength(12);
    expect(await world.attempts()).toHaveLength(12);
  });
});

/** Keeps requests for `path` waiting until it is opened. */
function gate(path: string): () => void {
  const held: ServerResponse[] = [];
  let isOpen = false;
  world.sink.answer(path, (res) => {
    if (isOpen) res.writeHead(204).end();
    else held.push(res);
  });
  return () => {
    isOpen = true;
    for (const response of held) response.writeHead(204).end();
  };
}

describe('a long backlog', () => {
  it('of an endpoint that hangs is served with so many at once, and holds up none that answers', async () => {
    const open = gate('/busy');
    await world.endpoint('/busy');
    await announceConnections(0, 100);
    const dispatcher = world.dispatcher();
    expect(await dispatcher.pass(0)).toBe(16);
    expect(await dispatcher.pass(0)).toBe(0);
    await world.endpoint('/live');
    await announceConnections(100, 1);
    expect(await dispatcher.pass(0)).toBe(1);
    open();
    await dispatcher.settle();
    expect([world.sink.at('/live').length, world.sink.at('/busy').length]).toEqual([1, 16]);
    // Now that it answers it gets more.
    expect(await dispatcher.pass(0)).toBe(64);
    await dispatcher.settle();
    expect(await world.deliveries()).toHaveLength(21);
  });

  it('of many that hang leaves those that answer their room', async () => {
    const open = gate('/hang');
    await world.endpoint('/live');
    await announceConnections(0, 1);
    const dispatcher = world.dispatcher();
    await dispatcher.pass(0);
    await dispatcher.settle();
    for (let i = 0; i < 80; i++) await world.endpoint('/hang');
    await announceConnections(1, 2);
    expect(await dispatcher.pass(0)).toBe(64 + 2);
    await announceConnections(3, 1);
    expect(await dispatcher.pass(0)).toBe(1);
    open();
    await dispatcher.settle();
    expect(world.sink.at('/live')).toHaveLength(4);
  });

  const announceConnections = async (from: number, count: number): Promise<void> => {
    const times = Array.from({ length: count }, (_, i) => new Date((from + i) * 1000).toISOString());
    await announce(
      world.db,
      user,
      times.map((connectedAt) => ({
        kind: 'connection.created',
        payload: { provider: 'oura', connectionId: randomUUID(), connectedAt },
      })),
    );
    await world.relayAll();
  };
});

/** Other rules for all endpoints that work. */
function limit(dispatcher: WebhookDispatcher, rules: object): void {
  const [lane] = (dispatcher as unknown as { lanes: Record<'trusted' | 'others', { rules: object }>[] }).lanes;
  lane!.trusted.rules = lane!.others.rules = rules;
}

describe('dead endpoints', () => {
  it('step aside with their backlog, and come back when they work', async () => {
    let isUp = false;
    world.sink.answer('/dead', (res) => res.writeHead(isUp ? 200 : 500).end());
    await world.endpoint('/dead');
    for (let i = 0; i < 8; i++) await world.tell(user, `w${i}`);
    const dispatcher = world.dispatcher();
    limit(dispatcher, { slots: 64, perEndpoint: 5 });
    await dispatcher.pass(0);
    await dispatcher.settle();
    const lanes = async () => (await world.deliveries()).map(({ lane }) => lane);
    expect(await lanes()).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
    await world.tell(user, 'w9');
    expect(await lanes()).toHaveLength(9);
    expect(await dispatcher.pass(0)).toBe(0);
    isUp = true;
    // Of the nine the four that were not attempted are due.
    expect(await dispatcher.pass(1)).toBe(2);
    await dispatcher.settle();
    expect(await lanes()).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  it('let each other have a turn', async () => {
    for (let i = 0; i < 5; i++) await world.endpoint(`/${i}`);
    await world.tell(user);
    await world.tell(user, 'w2');
    const dispatcher = world.dispatcher();
    limit(dispatcher, { slots: 2, perEndpoint: 1 });
    for (let round = 0; round < 6; round++) {
      await dispatcher.pass(0);
      await dispatcher.settle();
    }
    const counts = [0, 1, 2, 3, 4].map((i) => world.sink.at(`/${i}`).length);
    expect(counts).toEqual([2, 2, 2, 2, 2]);
  });
});
