import { Injectable } from '@nestjs/common';
import {
  CloudApps,
  IN_WORKER,
  revokeConnection,
  VendorSessions,
  type CloudApp,
  type CloudConnection,
} from '#libs/cloud';
import { plannedOnce, Database, type Sql } from '#libs/database';
import { instantFromDate, type JsonObject, type JsonValue } from '#libs/model';
import {
  fetchRecords,
  VendorError,
  type CloudResource,
  type NoticeAction,
  type VendorNotice,
  type VendorSession,
} from '#libs/providers/kit';
import { addStored, HealthStore, NOTHING_STORED, type StoredRecords } from '../pull/health-store.js';
import { FetchTurns } from '../pull/fetch-turns.js';
import { LinkedConnections } from '../pull/linked-connections.js';

/** What a notice led to. */
export interface NoticeResult {
  readonly result: JsonObject;
  readonly label: string;
  /** Users it concerned, the first one first; none when nobody is connected to the account. */
  readonly connections: readonly CloudConnection[];
  readonly stored: StoredRecords;
}

/** In one order, so that two deliveries about the same users never wait for each other. */
const NOTE_DELIVERY = plannedOnce(`
  WITH heard AS MATERIALIZED (
    SELECT id FROM connection WHERE id = ANY ($1::uuid[]) AND status = 'active' ORDER BY id FOR NO KEY UPDATE
  ), noted AS (
    UPDATE connection_sync SET last_delivery_at = now() WHERE connection_id IN (SELECT id FROM heard)
  )
  UPDATE connection SET last_synced_at = now() WHERE id IN (SELECT id FROM heard)`);

/** Does what one notice of a vendor asks for, for every user connected to the account. */
@Injectable()
export class NoticeWorker {
  constructor(
    private readonly db: Database,
    private readonly apps: CloudApps,
    private readonly sessions: VendorSessions,
    private readonly linked: LinkedConnections,
    private readonly store: HealthStore,
    private readonly turns: FetchTurns,
  ) {}

  /** @throws VendorError; doing it again is safe */
  work(app: CloudApp, notice: VendorNotice, isTrusted: boolean, now: Date = new Date()): Promise<NoticeResult> {
    const { account } = notice;
    const name = 'id' in account ? account.id : account.username;
    return this.turns.take(app.code, name, () => this.inTurn(app, notice, isTrusted, now));
  }

  private async inTurn(app: CloudApp, notice: VendorNotice, isTrusted: boolean, now: Date): Promise<NoticeResult> {
    const connections = await this.linked.ofAccount(app.code, notice.account);
    const [first] = connections;
    const { label, report } = notice;
    if (!first) return { result: report.unknownAccount, label, connections, stored: NOTHING_STORED };
    const outcome = await this.act(app, notice.action, connections, first, isTrusted, now);
    if (outcome === 'not-confirmed') {
      const result = { status: 'ignored', reason: 'not_confirmed' };
      return { result, label, connections: [], stored: NOTHING_STORED };
    }
    const result = report.done({ userId: first.user_id, ...outcome });
    return { result, label, connections, stored: outcome };
  }

  private async act(
    app: CloudApp,
    action: NoticeAction,
    connections: readonly CloudConnection[],
    first: CloudConnection,
    isTrusted: boolean,
    now: Date,
  ): Promise<StoredRecords | 'not-confirmed'> {
    const instant = instantFromDate(now);
    switch (action.kind) {
      case 'nothing':
        return NOTHING_STORED;
      case 'remove': {
        const removed = [];
        for (const connection of connections)
          removed.push(await this.store.takeBack(connection, action.removal, instant));
        return { ...NOTHING_STORED, removed: removed[0] ?? 0 };
      }
      case 'permissions':
        await this.setScope(connections, action.permissions);
        return NOTHING_STORED;
      case 'deregister':
        if (!isTrusted && !(await this.isConfirmed(first, action.confirm))) return 'not-confirmed';
        for (const { id } of connections)
          await this.db.transaction((sql) => revokeConnection(sql, id, 'deregistration'));
        return NOTHING_STORED;
      default:
        return this.take(app, action, connections, now);
    }
  }

  /** Fetched once, with the token of the first user it works for; stored for each, page by page. */
  private async take(
    app: CloudApp,
    action: Extract<NoticeAction, { kind: 'object' | 'window' | 'records' }>,
    connections: readonly CloudConnection[],
    now: Date,
  ): Promise<StoredRecords> {
    const resource = resourceOf(app, action.resource);
    const instant = instantFromDate(now);
    if (action.kind === 'records') {
      const environment = await this.apps.environment(app);
      return this.store.storeAll(connections, { resource, records: action.records, environment, now: instant });
    }
    let refusal: VendorError | null = null;
    for (const connection of connections) {
      const session = await this.sessions.forConnection(connection, IN_WORKER, instant);
      try {
        return await this.turns.inOrder(app.code, () => this.storePages(resource, action, connections, session));
      } catch (error) {
        if (!(error instanceof VendorError) || error.trouble !== 'unauthorized') throw error;
        refusal ??= error;
      }
    }
    throw refusal ?? new VendorError('unauthorized', 'Nobody is connected any more');
  }

  private async storePages(
    resource: CloudResource,
    action: Extract<NoticeAction, { kind: 'object' | 'window' }>,
    connections: readonly CloudConnection[],
    session: VendorSession,
  ): Promise<StoredRecords> {
    const { environment, now } = session;
    const base = await this.turns.base(connections);
    let [stored, startIndex] = [NOTHING_STORED, 0];
    for await (const records of pagesFor(resource, action, session)) {
      const page = { resource, records, environment, now, startIndex, base };
      stored = addStored(stored, await this.store.storeAll(connections, page));
      startIndex += records.length;
    }
    return stored;
  }

  /** The vendor itself must say that our token is worth nothing any more. */
  private async isConfirmed(connection: CloudConnection, path: string | undefined): Promise<boolean> {
    return path !== undefined && (await this.sessions.isRefused(connection, { path }));
  }

  private async setScope(connections: readonly CloudConnection[], permissions: readonly string[]): Promise<void> {
    await this.db.query('UPDATE connection SET scope = $2, updated_at = now() WHERE id = ANY ($1::uuid[])', [
      connections.map(({ id }) => id),
      [...permissions].sort().join(' '),
    ]);
  }

  /** Tells the schedule that webhooks do come; cursors stay where they are. */
  async noteDelivery(sql: Sql, connectionIds: readonly string[]): Promise<void> {
    if (connectionIds.length === 0) return;
    await sql.query(NOTE_DELIVERY, [connectionIds]);
  }
}

async function* pagesFor(
  resource: CloudResource,
  action: Extract<NoticeAction, { kind: 'object' | 'window' }>,
  session: VendorSession,
): AsyncGenerator<readonly JsonValue[]> {
  if (action.kind === 'window') {
    yield* fetchRecords(resource, session, action.window);
    return;
  }
  if (!resource.one) throw new Error(`${resource.name} has no single objects`);
  yield await resource.one(action.id, session);
}

function resourceOf({ code, cloud }: CloudApp, name: string): CloudResource {
  const resource = cloud.resources.find((one) => one.name === name);
  if (!resource) throw new Error(`${code} has no resource ${name}`);
  return resource;
}
