import { Injectable } from '@nestjs/common';
import { RequestBudgets, type CloudApp } from '#libs/cloud';
import { VendorError, type CloudResource, type VendorSession } from '#libs/providers/kit';
import { LinkedConnections } from './linked-connections.js';
import { NOTHING_YET, type PullProgress, type PullRun, type ResourceTally } from './pull-run.js';
import { PullRunsRepository } from './pull-runs.repository.js';
import { PullWindows } from './pull-window.js';
import { ResourcePuller } from './resource-puller.js';
import { NONE_SKIPPED, withSkipped } from './skipped-rows.js';

/** For the first request of a resource; its other pages wait longer, because it would have to begin anew. */
const LONGEST_WAIT_SECONDS = 5;

/** The user disconnected, or is gone, while data was fetched. */
export class ConnectionEnded extends Error {
  constructor() {
    super('The connection ended while it was pulled');
    this.name = 'ConnectionEnded';
  }
}

/** One turn of a run: all its resources, for all users of the account. */
@Injectable()
export class PullWork {
  constructor(
    private readonly linked: LinkedConnections,
    private readonly windows: PullWindows,
    private readonly puller: ResourcePuller,
    private readonly runs: PullRunsRepository,
    private readonly budgets: RequestBudgets,
  ) {}

  /**
   * Fetches what is not done in this turn; remembers after each resource, so that an interrupted turn goes on there.
   * @throws VendorError when nothing more can be fetched, ConnectionEnded when nothing more is wanted
   */
  async pull(
    run: PullRun,
    app: CloudApp,
    session: VendorSession,
    reached: (progress: PullProgress) => void,
  ): Promise<PullProgress> {
    const connections = await this.linked.withLinked(run.connection);
    const ids = connections.map(({ id }) => id);
    const windowOf = await this.windows.of(run, app, ids, session.now);
    let progress = run.progress;
    for (const resource of resourcesOf(run, app, session)) {
      const before = progress.resources[resource.name] ?? NOTHING_YET;
      const window = windowOf(resource);
      if (before.isDone || window === null) continue;
      await this.checkBudget(app);
      const movesCursor = run.kind === 'live' && run.start === null;
      const tally = await this.puller.pull({ resource, session, window, connections, movesCursor });
      progress = { resources: { ...progress.resources, [resource.name]: added(before, tally) } };
      reached(progress);
      if (!(await this.runs.saveProgress(run.id, progress))) throw new ConnectionEnded();
    }
    return progress;
  }

  /** Where the budget is nearly used up, a run waits outside of the worker's slots, which other vendors' runs need. */
  private async checkBudget({ code, budgets }: CloudApp): Promise<void> {
    const retryAfterSeconds = await this.budgets.waitSeconds(code, budgets);
    if (retryAfterSeconds <= LONGEST_WAIT_SECONDS) return;
    throw new VendorError('rate-limited', `The budget of ${code} is used up`, { retryAfterSeconds });
  }
}

/** What a run fetches, in the provider's order. */
export function resourcesOf(
  run: Pick<PullRun, 'scope'>,
  { cloud }: CloudApp,
  session: Pick<VendorSession, 'environment'>,
) {
  return cloud.resources.filter(
    (resource: CloudResource) =>
      resource.pull !== undefined &&
      (resource.isWanted?.(session.environment) ?? true) &&
      (run.scope === 'all' || resource.pullInWebhookMode === true),
  );
}

const added = (before: ResourceTally, tally: ResourceTally): ResourceTally => ({
  ...tally,
  records: before.records + tally.records,
  inserted: before.inserted + tally.inserted,
  updated: before.updated + tally.updated,
  dropped: before.dropped + tally.dropped,
  skipped: withSkipped(before.skipped ?? NONE_SKIPPED, tally.skipped ?? NONE_SKIPPED),
  // An error of an earlier window stays to be told.
  ...(tally.error === undefined && before.error !== undefined ? { error: before.error } : {}),
});

/** For the next window everything is to be done again; what came and what went wrong so far is kept. */
export const nextWindow = ({ resources }: PullProgress): PullProgress => ({
  resources: mapValues(resources, ({ isDone: _, isPassing: __, ...tally }) => tally),
});

/** What failed for now is to be done again, as if it had not been tried. */
export const forgetPassing = ({ resources }: PullProgress): PullProgress => ({
  resources: mapValues(resources, (tally) => {
    if (!tally.isPassing) return tally;
    const { isDone: _, isPassing: __, error: ___, ...rest } = tally;
    return rest;
  }),
});

const mapValues = <T, R>(values: Readonly<Record<string, T>>, map: (value: T) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
