import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { Database, UserRef } from '#libs/database';
import { HealthEraser, HealthWriter } from '#libs/ingest';
import { HOUR, MINUTE, type HealthBatch } from '#libs/model';
import { OutboundClient, OutboundPolicy, type Resolve } from '#libs/outbound';
import { SecretBox } from '#libs/secrets';
import {
  AttemptSender,
  Endpoints,
  EndpointSecrets,
  EndpointsRepository,
  ManualDeliveries,
  ResultRecorder,
  WebhookDispatcher,
  WebhookHistory,
  WebhookRelay,
  type EndpointView,
  type NewEndpoint,
} from '#libs/webhooks';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { given } from '../../support/given.js';
import { batch, workout } from '../ingest-events/batches.js';
import { at } from '../ingest-points/batches.js';
import { Sink } from './sink.js';

const WORKOUTS_FROM = at('2026-05-01T10:00:00Z');

export interface StoredMessage {
  id: string;
  event_type: string;
  event_id: string;
  data: string | null;
}

/** What names resolve to that are not this machine's; empty it afterwards. */
export const NAMES = new Map<string, string>();
const resolve: Resolve = async (name) => [{ address: NAMES.get(name) ?? '127.0.0.1', family: 4 }];

/** Everything about webhooks on one database, with a receiver. */
export class World {
  readonly box = new SecretBox([{ id: 'test', key: randomBytes(32) }]);
  readonly writer = new HealthWriter();
  readonly eraser: HealthEraser;
  readonly endpoints: Endpoints;
  readonly manual: ManualDeliveries;
  readonly history: WebhookHistory;
  readonly relay: WebhookRelay;
  private workouts = 0;

  private constructor(
    readonly test: TestDatabase,
    readonly sink: Sink,
    readonly outbound: OutboundClient,
  ) {
    this.eraser = new HealthEraser(this.db);
    this.endpoints = new Endpoints(this.db, new EndpointsRepository(this.db), new EndpointSecrets(this.box), outbound);
    this.manual = new ManualDeliveries(this.db, this.endpoints);
    this.history = new WebhookHistory(this.db, this.endpoints);
    this.relay = new WebhookRelay(this.db, { sleepEndGapMinutes: 120 });
  }

  static async open(): Promise<World> {
    const policy = new OutboundPolicy({ environment: 'test', outboundAllowedHosts: [] });
    return new World(await openTestDatabase(), await Sink.open(), new OutboundClient(policy, undefined, resolve));
  }

  get db(): Database {
    return this.test.db;
  }

  user = (): Promise<UserRef> => given(this.db).user();

  /** Forgets everything but users. */
  async clear(): Promise<void> {
    await this.db.query('TRUNCATE outbox, webhook_endpoint, webhook_content, webhook_message CASCADE');
    await this.db.query('TRUNCATE webhook_delivery, webhook_attempt');
    this.sink.received.length = 0;
  }

  /** An endpoint at the receiver. */
  endpoint(path = '/hook', fields: Partial<NewEndpoint> = {}, owner: string | null = null): Promise<EndpointView> {
    return this.endpoints.create(owner, {
      url: `${this.sink.url}${path}`,
      description: '',
      filterTypes: null,
      userId: null,
      ...fields,
    });
  }

  write(user: UserRef, batch: HealthBatch): Promise<unknown> {
    return this.writer.write(this.db, user, batch);
  }

  /** One workout, told; each at a time of its own. */
  async tell(user: UserRef, externalId = 'w'): Promise<void> {
    const startedAt = WORKOUTS_FROM + ++this.workouts * HOUR;
    await this.write(user, batch({ workouts: [workout({ externalId, startedAt, endedAt: startedAt + MINUTE })] }));
    await this.relayAll();
  }

  /** Makes messages of all that is announced and due. */
  async relayAll(now = later(1)): Promise<void> {
    while ((await this.relay.run(now)) > 0);
  }

  /** A worker's half that delivers, new each time as after a restart. */
  dispatcher(timeoutMs?: number): WebhookDispatcher {
    const sender = new AttemptSender(this.outbound, this.box);
    if (timeoutMs !== undefined) {
      const send = sender.send.bind(sender);
      sender.send = (delivery) => send(delivery, timeoutMs);
    }
    return new WebhookDispatcher(this.db, sender, new ResultRecorder(this.db));
  }

  /** Attempts all that is due at `now`. */
  async deliverAll(now = later(50), timeoutMs?: number): Promise<void> {
    const dispatcher = this.dispatcher(timeoutMs);
    for (let started = 1; started > 0; await dispatcher.settle()) {
      started = (await dispatcher.pass(0, now)) + (await dispatcher.pass(1, now));
    }
  }

  /** Attempts what is due at `now`, each delivery once. */
  async deliverOnce(now: Date): Promise<void> {
    const dispatcher = this.dispatcher();
    await dispatcher.pass(0, now);
    await dispatcher.pass(1, now);
    await dispatcher.settle();
  }

  messages(): Promise<StoredMessage[]> {
    return this.db.query<StoredMessage & Record<string, unknown>>(
      `SELECT m.id, m.event_type, m.event_id, c.data
       FROM webhook_message m LEFT JOIN webhook_content c ON c.id = m.content_id ORDER BY m.id`,
    );
  }

  async types(): Promise<string[]> {
    return (await this.messages()).map(({ event_type }) => event_type);
  }

  async deliveries(): Promise<Record<string, unknown>[]> {
    return this.db.query('SELECT * FROM webhook_delivery ORDER BY message_id, endpoint_id');
  }

  async attempts(): Promise<Record<string, unknown>[]> {
    return this.db.query('SELECT * FROM webhook_attempt ORDER BY id');
  }

  async close(): Promise<void> {
    await this.outbound.onApplicationShutdown();
    await this.sink.close();
    await this.test.close();
  }
}

/** One world for a spec file, emptied before each test, and a user of that test's own. */
export function useWorld(begin: (world: World, user: UserRef) => void): void {
  let world: World;
  beforeAll(async () => {
    world = await World.open();
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    await world.clear();
    begin(world, await world.user());
  });
}

export const later = (milliseconds: number): Date => new Date(Date.now() + milliseconds);
