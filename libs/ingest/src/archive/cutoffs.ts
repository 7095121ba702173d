import { DAY, localDate, type Instant, type LocalDate } from '#libs/model';

/** Body averages look back seven days into points: those of the last week are never archived. */
export const LEAST_ARCHIVE_DAYS = 8;

/** After how many days points are archived, and after how many all is deleted; null = never. */
export interface ArchivalDays {
  readonly archiveAfterDays: number | null;
  readonly deleteAfterDays: number | null;
}

export interface Cutoffs {
  /** Points of earlier local dates go, their rollups stay. */
  readonly dropPointsBefore: LocalDate | null;
  /** Rollups of earlier local dates go, too. */
  readonly dropRollupsBefore: LocalDate | null;
}

/**
 * The first local dates that stay, counted back from today in UTC. What is deleted is archived first, so points go
 * before the later of both dates. `archiveAfterDays` below `LEAST_ARCHIVE_DAYS` counts as that.
 */
export function cutoffsOf({ archiveAfterDays, deleteAfterDays }: ArchivalDays, now: Instant): Cutoffs {
  const daysAgo = (days: number): LocalDate => localDate(now - days * DAY, null);
  const archive = archiveAfterDays === null ? null : daysAgo(Math.max(archiveAfterDays, LEAST_ARCHIVE_DAYS));
  const dropRollupsBefore = deleteAfterDays === null ? null : daysAgo(deleteAfterDays);
  return { dropPointsBefore: laterOf(archive, dropRollupsBefore), dropRollupsBefore };
}

const laterOf = (a: LocalDate | null, b: LocalDate | null): LocalDate | null =>
  a === null || (b !== null && b > a) ? b : a;
