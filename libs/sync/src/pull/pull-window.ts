import { Inject, Injectable } from '@nestjs/common';
import type { CloudApp } from '#libs/cloud';
import { CONFIG, type AppConfig } from '#libs/config';
import { Database } from '#libs/database';
import { parseIsoInstant, type Instant } from '#libs/model';
import type { CloudResource, SyncWindow } from '#libs/providers/kit';
import type { PullRun } from './pull-run.js';
import { historyWindows, isDue, liveWindow } from './windows.js';

/** Which windows a run asks for. */
@Injectable()
export class PullWindows {
  constructor(
    @Inject(CONFIG) private readonly config: AppConfig,
    private readonly db: Database,
  ) {}

  /** Window of each resource in this turn of the run; null: not yet again. `connectionIds`: all users of the account; the slowest decides. */
  async of(
    run: PullRun,
    app: CloudApp,
    connectionIds: readonly string[],
    now: Instant,
  ): Promise<(resource: CloudResource) => SyncWindow | null> {
    const fixed = fixedWindow(run, now);
    if (fixed) return () => fixed;
    const cursors = await this.cursors(connectionIds, app.cloud.resources);
    const limits = {
      lookbackSeconds: this.config.pullSyncLookbackSeconds,
      maxHistoricalDays: app.strategy.capabilities.maxHistoricalDays,
    };
    return (resource) => {
      const storedTo = cursors.get(resource.name) ?? run.liveFrom;
      return isDue(resource, storedTo, now) ? liveWindow(resource, storedTo, now, limits) : null;
    };
  }

  /** Per resource how far the slowest connection is; one that has no cursor yet wants its data from its own begin on. */
  private async cursors(
    connectionIds: readonly string[],
    resources: readonly CloudResource[],
  ): Promise<ReadonlyMap<string, Instant>> {
    const rows = await this.db.query<{ resource: string; stored_to: string }>(
      `SELECT r.resource, min(coalesce(k.fetched_to, s.live_from)) AS stored_to
       FROM unnest($2::text[]) AS r (resource)
       CROSS JOIN connection_sync s
       LEFT JOIN sync_cursor k ON k.connection_id = s.connection_id AND k.resource = r.resource
       WHERE s.connection_id = ANY ($1::uuid[]) GROUP BY 1`,
      [connectionIds, resources.map(({ name }) => name)],
    );
    return new Map(rows.map(({ resource, stored_to }) => [resource, parseIsoInstant(stored_to)!]));
  }
}

/** The window somebody asked for, or the part of a history whose turn it is; null for news. */
export function fixedWindow(run: PullRun, now: Instant): SyncWindow | null {
  if (run.start === null) return null;
  const asked = { start: run.start, end: run.end ?? now };
  return run.kind === 'historical' ? (historyWindows(asked)[run.windowsDone] ?? null) : asked;
}

export const windowCount = (run: PullRun): number =>
  run.kind === 'historical' && run.start !== null && run.end !== null
    ? historyWindows({ start: run.start, end: run.end }).length
    : 1;
