import { Injectable } from '@nestjs/common';
import { CloudApps, IN_REQUEST, vendorFailure, VendorSessions, type CloudApp } from '#libs/cloud';
import { DAY, Failure, type ConnectableProvider, type JsonObject, type JsonValue } from '#libs/model';
import {
  VendorError,
  type CloudResource,
  type SyncWindow,
  type VendorSession,
  type WorkoutQuery,
} from '#libs/providers/kit';
import { LinkedConnections } from './linked-connections.js';
import { PullDesk } from './pull-desk.js';
import type { ResourceTally } from './pull-run.js';
import { resourcesOf } from './pull-work.js';
import { ResourcePuller } from './resource-puller.js';

export type PullPart = 'workouts' | '247' | 'all';

export interface DirectPull {
  readonly success: boolean;
  readonly details: JsonObject;
}

const DEFAULT_DAYS = 30;

/** Vendors asked while somebody waits: nothing is retried, no cursor moves, no run is told of. */
@Injectable()
export class DirectPulls {
  constructor(
    private readonly apps: CloudApps,
    private readonly sessions: VendorSessions,
    private readonly desk: PullDesk,
    private readonly linked: LinkedConnections,
    private readonly puller: ResourcePuller,
  ) {}

  /** @throws Failure 404, 409, 501, 502 */
  async pull(
    provider: ConnectableProvider,
    userId: string,
    part: PullPart,
    window: Partial<SyncWindow>,
  ): Promise<DirectPull> {
    const app = this.apps.find(provider);
    const wanted = app ? resourcesOfPart(app, part) : [];
    if (!app || wanted.length === 0) throw new Failure(501, notSupported(provider, part));
    const connection = await this.desk.connection(provider, userId);
    const connections = await this.linked.withLinked(connection);
    const session = await this.sessions.forConnection(connection, IN_REQUEST);
    const span = { start: window.start ?? session.now - DEFAULT_DAYS * DAY, end: window.end ?? session.now };
    const known = resourcesOf({ scope: 'all' }, app, session);
    const tallies: [CloudResource, ResourceTally][] = [];
    const troubles: VendorError[] = [];
    const onTrouble = (error: VendorError): void => void troubles.push(error);
    for (const resource of wanted.filter((one) => known.includes(one))) {
      const task = { resource, session, window: span, connections, movesCursor: false, onTrouble };
      tallies.push([resource, await this.answering(provider, () => this.puller.pull(task))]);
    }
    if (troubles.length > 0 && troubles.length === tallies.length) throw vendorFailure(provider, troubles[0]);
    return directResult(tallies);
  }

  /** The vendor's own list, unchanged. @throws Failure 409, 501, 502 */
  async workouts(provider: ConnectableProvider, userId: string, query: WorkoutQuery): Promise<JsonValue> {
    const app = this.apps.find(provider);
    if (!app) return [];
    const list = app.cloud.workouts?.list.bind(app.cloud.workouts);
    if (!list) throw new Failure(501, notSupported(provider, 'workouts'));
    return this.asUser(provider, userId, (session) => list(session, query));
  }

  /** @throws as `workouts` */
  async workout(provider: ConnectableProvider, userId: string, id: string, query: WorkoutQuery): Promise<JsonValue> {
    const passthrough = this.apps.find(provider)?.cloud.workouts;
    const one = passthrough?.one?.bind(passthrough);
    if (!one) throw new Failure(501, notSupported(provider, 'workouts'));
    return this.asUser(provider, userId, (session) => one(session, id, query));
  }

  private async asUser<T>(
    provider: ConnectableProvider,
    userId: string,
    work: (session: VendorSession) => Promise<T>,
  ): Promise<T> {
    const connection = await this.desk.connection(provider, userId).catch((error: unknown) => {
      // Passed-through calls tell a missing connection like a vendor's refusal.
      if (error instanceof Failure && error.status === 404) {
        throw new Failure(409, `User not connected to ${provider}`, { cause: error });
      }
      throw error;
    });
    const session = await this.sessions.forConnection(connection, IN_REQUEST);
    return this.answering(provider, () => work(session));
  }

  private async answering<T>(provider: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw error instanceof VendorError ? vendorFailure(provider, error) : error;
    }
  }
}

const resourcesOfPart = ({ cloud }: CloudApp, part: PullPart): CloudResource[] => {
  const wanted = { workouts: 'workouts', '247': 'data_247', all: null }[part];
  return cloud.resources.filter((resource) => resource.pull && (wanted === null || resource.part === wanted));
};

const notSupported = (provider: string, part: PullPart): string =>
  `Provider '${provider}' does not support ${
    { workouts: 'workouts', '247': '247 data (sleep/recovery/activity)', all: 'any requested data types' }[part]
  }`;

function directResult(tallies: readonly (readonly [CloudResource, ResourceTally])[]): DirectPull {
  const failed = tallies.filter(([, tally]) => tally.error !== undefined);
  const workouts = tallies.filter(([{ part }]) => part === 'workouts');
  const others = tallies.filter(([{ part }]) => part === 'data_247');
  const counts = others.map(([{ name, resultKey }, tally]) => [resultKey ?? name, tally.inserted + tally.updated]);
  const details = {
    ...(workouts.length === 0 ? {} : { workouts: workouts.reduce((sum, [, { records }]) => sum + records, 0) }),
    ...(others.length === 0 ? {} : { data_247: Object.fromEntries(counts) as JsonObject }),
    ...(failed.length === 0
      ? {}
      : { errors: Object.fromEntries(failed.map(([{ name }, { error }]) => [name, error ?? ''])) }),
  };
  return { success: failed.length === 0, details };
}
