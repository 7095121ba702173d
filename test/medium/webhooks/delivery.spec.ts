import { describe, expect, it } from '@jest/globals';
import type { UserRef } from '#libs/database';
import { MailError, type Mailer } from '#libs/mail';
import { newSecret, WebhookSweep } from '#libs/webhooks';
import { given } from '../../support/given.js';
import { at, batchOf, point } from '../ingest-points/batches.js';
import { verified } from './sink.js';
import { later, NAMES, useWorld, type World } from './world.js';

let world: World;
let user: UserRef;

useWorld((opened, fresh) => {
  [world, user] = [opened, fresh];
});

const T = at('2026-05-01T10:00:00Z');
const DAY_MS = 24 * 3600 * 1000;

describe('a delivery', () => {
  it('is taken by both verifiers, byte for byte', async () => {
    const { id } = await world.endpoint();
    const secret = await world.endpoints.secret(null, id);
    await world.write(user, batchOf([point(T, { value: 61.25 })]));
    await world.relayAll();
    await world.deliverAll();
    const messages = await world.messages();
    expect(world.sink.received).toHaveLength(2);
    for (const one of world.sink.received) {
      const message = messages.find((m) => m.id === one.headers['svix-id'])!;
      expect(one.body).toBe(`{"type":"${message.event_type}","data":${message.data}}`);
      expect(verified(one, secret)).toEqual(JSON.parse(one.body));
      expect(one.headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'wearables-platform' });
      expect(one.headers['webhook-id']).toBe(one.headers['svix-id']);
    }
    expect(await world.attempts()).toMatchObject([{ status: 0, status_code: 204 }, { status: 0 }]);
    await world.deliverAll(later(DAY_MS));
    expect(world.sink.received).toHaveLength(2);
  });

  it('is signed under the former secret too after a rotation', async () => {
    const { id } = await world.endpoint();
    const former = await world.endpoints.secret(null, id);
    const current = await world.endpoints.rotateSecret(null, id);
    const [grace] = await world.db.query<{ hours: number }>(
      `SELECT extract(epoch FROM expires_at - now())::float8 / 3600 AS hours FROM webhook_secret
       WHERE expires_at IS NOT NULL`,
    );
    expect(grace!.hours).toBeCloseTo(24, 1);
    await world.tell(user);
    await world.deliverAll();
    verified(world.sink.received[0]!, former);
    verified(world.sink.received[0]!, current);
    const own = newSecret();
    expect(await world.endpoints.rotateSecret(null, id, own)).toBe(own);
    await world.db.query(`UPDATE webhook_secret SET expires_at = now() - interval '1 s' WHERE expires_at IS NOT NULL`);
    await world.tell(user, 'w2');
    await world.deliverAll();
    verified(world.sink.received[1]!, own);
    expect(() => verified(world.sink.received[1]!, current)).toThrow();
    expect(String(await sealedSecrets())).not.toContain('whsec_');
  });

  const sealedSecrets = async () =>
    (await world.db.query('SELECT sealed FROM webhook_secret')).map((row) => row['sealed']);

  it('that fails is tried again by the schedule, with a fresh signature, eight times', async () => {
    let answers = 0;
    world.sink.answer('/failing', (response) => response.writeHead(++answers === 9 ? 200 : 500).end('out of order'));
    const { id } = await world.endpoint('/failing');
    const secret = await world.endpoints.secret(null, id);
    await world.tell(user);
    const gaps: number[] = [];
    for (let attempt = 1; attempt <= 9; attempt++) {
      await world.deliverOnce(later(13 * 3_600_000));
      const [delivery] = await world.deliveries();
      if (delivery) gaps.push(Math.round((Date.parse(String(delivery['next_attempt_at'])) - Date.now()) / 1000));
    }
    expect(answers).toBe(8);
    const planned = [5, 300, 1800, 7200, 18_000, 36_000, 36_000];
    expect(gaps).toHaveLength(planned.length);
    gaps.forEach((gap, i) => expect(Math.abs(gap / planned[i]! - 1)).toBeLessThanOrEqual(0.4));
    expect(await world.deliveries()).toEqual([]);
    expect(new Set(world.sink.at('/failing').map(({ headers }) => headers['svix-id'])).size).toBe(1);
    verified(world.sink.at('/failing')[7]!, secret);
    const page = await world.history.attempts(null, id, ALL);
    expect(page.data).toHaveLength(8);
    expect(page.data[0]).toMatchObject({
      response: 'out of order',
      responseStatusCode: 500,
      status: 2,
      statusText: 'fail',
    });
    expect((await world.endpoints.get(null, id)).disabled).toBe(false);
  });

  it('whose payload is no longer kept is given up and not sent', async () => {
    const { id } = await world.endpoint();
    await world.tell(user);
    await world.db.query('DELETE FROM webhook_content');
    await world.deliverAll();
    expect(world.sink.received).toEqual([]);
    expect((await world.history.attempts(null, id, ALL)).data).toMatchObject([
      { response: 'expired', responseStatusCode: 0, statusText: 'fail', msg: { payload: { expired: true } } },
    ]);
    expect(await world.deliveries()).toEqual([]);
  });

  it('waits as long as the receiver asks', async () => {
    world.sink.answer('/busy', (response) => response.writeHead(503, { 'retry-after': '7000' }).end());
    await world.endpoint('/busy');
    await world.tell(user);
    await world.deliverAll();
    const [delivery] = await world.deliveries();
    expect((Date.parse(String(delivery!['next_attempt_at'])) - Date.now()) / 1000).toBeGreaterThan(6900);
  });
});

const ALL = { limit: 50, iterator: null, before: null, after: null, status: null, eventTypes: null };

describe('a receiver', () => {
  const TEN_GB = 10 * 1024 ** 3;
  const endless = Buffer.alloc(64 * 1024, 'x');

  it.each<[string, string, number, string]>([
    ['answers 500', '/500', 500, 'broken'],
    ['hangs', '/hang', 0, 'timeout'],
    ['closes', '/close', 0, 'network'],
    ['redirects to this machine', '/redirect', 302, ''],
    ['has become a private address', 'http://moved.test:80/', 0, 'refused-address'],
    ['answers binary rubbish', '/binary', 400, Buffer.from([0xff, 0xfe, 0x00]).toString('base64')],
  ])('that %s has not taken it', async (_, target, statusCode, response) => {
    world.sink.answer('/500', (res) => res.writeHead(500).end('bro\0ken'));
    world.sink.answer('/hang', () => undefined);
    world.sink.answer('/close', (res) => res.destroy());
    world.sink.answer('/redirect', (res) => res.writeHead(302, { location: `${world.sink.url}/secret` }).end());
    world.sink.answer('/binary', (res) => res.writeHead(400).end(Buffer.from([0xff, 0xfe, 0x00])));
    const url = target.startsWith('/') ? `${world.sink.url}${target}` : target;
    NAMES.set('moved.test', '8.8.8.8');
    await world.endpoint('', { url });
    NAMES.set('moved.test', '10.0.0.1');
    await expect(world.endpoint('', { url: 'http://moved.test:80/' })).rejects.toMatchObject({ status: 400 });
    await world.tell(user);
    await world.deliverAll(later(50), 300);
    expect(await world.attempts()).toMatchObject([{ status: 2, status_code: statusCode, response }]);
    expect(await world.deliveries()).toMatchObject([{ attempts: 1, lane: 0, leased_until: null }]);
    expect(world.sink.at('/secret')).toEqual([]);
  });

  it.each([
    ['takes it and sends 10 GB', '/endless', 'x'.repeat(20_000)],
    ['takes it and never ends its answer', '/half', 'half'],
  ])('that %s has taken it', async (_, path, response) => {
    let written = 0;
    world.sink.answer('/endless', (res) => {
      res.writeHead(200);
      const more = (): void => {
        do written += endless.length;
        while (!res.destroyed && written < TEN_GB && res.write(endless));
      };
      res.on('drain', more);
      more();
    });
    world.sink.answer('/half', (res) => void res.writeHead(202).write('half'));
    await world.endpoint(path);
    await world.tell(user);
    await world.deliverAll(later(50), 400);
    expect(await world.attempts()).toMatchObject([{ status: 0, response }]);
    // What is not read stays in the buffers of two sockets.
    expect(written).toBeLessThan(32 * 1024 * 1024);
  });

  it('that is gone is disabled at once, and whoever asked is told', async () => {
    world.sink.answer('/gone', (res) => res.writeHead(410).end());
    const { id } = await world.endpoint('/gone');
    await world.endpoint('/watch', { filterTypes: ['webhook_endpoint.disabled'] });
    const stranger = await given(world.db).developer();
    await world.endpoint('/stranger', { filterTypes: ['webhook_endpoint.disabled'] }, stranger.id);
    await world.tell(user);
    await world.deliverAll();
    await world.deliverAll();
    expect(await world.endpoints.get(null, id)).toMatchObject({ disabled: true, disabled_reason: 'gone' });
    expect(world.sink.types('/watch')).toEqual(['webhook_endpoint.disabled']);
    expect(world.sink.at('/stranger')).toEqual([]);
    await world.tell(user, 'w2');
    await world.deliverAll(later(DAY_MS));
    expect(world.sink.at('/gone')).toHaveLength(1);
  });

  it('that fails for five days is disabled, its developer gets one mail', async () => {
    world.sink.answer('/dead', (res) => res.writeHead(500).end());
    const developer = await given(world.db).developer();
    const { id } = await world.endpoint('/dead', {}, developer.id);
    await world.tell(user);
    await world.db.query(`UPDATE webhook_delivery SET attempts = 7`);
    await world.db.query(`UPDATE webhook_endpoint SET failing_since = now() - interval '119 hours'`);
    await world.deliverAll();
    expect((await world.endpoints.get(developer.id, id)).disabled).toBe(false);
    await world.tell(user, 'w2');
    await world.db.query(`UPDATE webhook_delivery SET attempts = 7`);
    await world.db.query(`UPDATE webhook_endpoint SET failing_since = now() - interval '121 hours'`);
    await world.deliverAll();
    expect(await world.endpoints.get(developer.id, id)).toMatchObject({ disabled: true, disabled_reason: 'failing' });
    const mails: { to: string; text: string }[] = [];
    let isDown = true;
    const send = async (mail: { to: string; text: string }): Promise<'sent'> => {
      if (isDown) throw new MailError(new Error('down'));
      mails.push(mail);
      return 'sent';
    };
    const sweep = new WebhookSweep(world.db, { send } as unknown as Mailer);
    await sweep.run();
    isDown = false;
    await sweep.run();
    await sweep.run();
    expect(mails).toMatchObject([{ to: developer.email, text: expect.stringContaining('five days') }]);
    const enabled = await world.endpoints.update(developer.id, id, { disabled: false });
    expect(enabled).toMatchObject({ disabled: false, disabled_reason: null });
    expect(await world.endpoints.stats(developer.id, id)).toMatchObject({
      consecutive_failures: 0,
      failing_since: null,
    });
  });

  it('that is disabled or deleted gets nothing more', async () => {
    const one = await world.endpoint('/one');
    const two = await world.endpoint('/two');
    await world.tell(user);
    await world.endpoints.update(null, one.id, { disabled: true });
    await world.endpoints.delete(null, two.id);
    expect(await world.deliveries()).toEqual([]);
    // As a fan-out does that began before and ends after.
    await world.db.query(
      `INSERT INTO webhook_delivery (message_id, endpoint_id)
       SELECT m.id, e.id FROM webhook_message m, webhook_endpoint e`,
    );
    await world.deliverAll(later(DAY_MS));
    expect(world.sink.received).toEqual([]);
    expect(await world.deliveries()).toHaveLength(2);
    await new WebhookSweep(world.db, {} as Mailer).run();
    expect(await world.deliveries()).toEqual([]);
    await expect(world.endpoints.get(null, two.id)).rejects.toMatchObject({ status: 404 });
  });

  it('whose developer is gone leaves nothing that waits', async () => {
    const developer = await given(world.db).developer();
    await world.endpoint('/hook', {}, developer.id);
    await world.tell(user);
    await world.db.query('DELETE FROM developer WHERE id = $1', [developer.id]);
    await new WebhookSweep(world.db, {} as Mailer).run();
    expect(await world.deliveries()).toEqual([]);
  });

  it('that is disabled while an attempt is under way gets no other', async () => {
    let answer = (): void => undefined;
    const arrived = new Promise<void>((resolve) => {
      world.sink.answer('/slow', (res) => {
        answer = () => res.writeHead(500).end();
        resolve();
      });
    });
    const { id } = await world.endpoint('/slow');
    await world.tell(user);
    const dispatcher = world.dispatcher();
    await dispatcher.pass(0);
    await arrived;
    await world.endpoints.update(null, id, { disabled: true });
    answer();
    await dispatcher.settle();
    await world.deliverAll(later(DAY_MS));
    expect(world.sink.at('/slow')).toHaveLength(1);
    expect(await world.deliveries()).toEqual([]);
  });
});
