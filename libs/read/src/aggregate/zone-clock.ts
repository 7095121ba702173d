import { badRequest, DAY, SECOND, zoneOffsets, type Instant, type LocalDate, type ZoneOffsetAt } from '#libs/model';

const STEP = 14 * DAY;

/** From this instant on the zone's wall clock is this far ahead of UTC. */
export interface ZoneSegment {
  readonly from: Instant;
  /** Microseconds. */
  readonly offset: number;
}

/** The wall clock of an IANA time zone during some range of time. */
export class ZoneClock {
  /** In order; the first covers everything before the second. */
  readonly segments: readonly ZoneSegment[];

  /** @throws Failure 400 `Unknown time zone: <name>` */
  constructor(name: string, from: Instant, to: Instant) {
    this.segments = segmentsOf(offsetsOf(name), from - 2 * DAY, to + 2 * DAY);
  }

  offsetAt(instant: Instant): number {
    let low = 0;
    let high = this.segments.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.segments[middle]!.from <= instant) low = middle;
      else high = middle - 1;
    }
    return this.segments[low]!.offset;
  }

  /** `YYYY-MM-DDTHH:MM:SS` */
  wallText(instant: Instant): string {
    const seconds = Math.floor((instant + this.offsetAt(instant)) / SECOND);
    return new Date(seconds * 1000).toISOString().slice(0, 19);
  }

  dateAt(instant: Instant): LocalDate {
    return this.wallText(instant).slice(0, 10);
  }

  /** The date's midnight; where clocks skip it, the first instant after the gap; where they show it twice, the first. */
  startOfDate(date: LocalDate): Instant {
    const wall = Date.parse(`${date}T00:00:00Z`) * 1000;
    for (const [place, { from, offset }] of this.segments.entries()) {
      const next = this.segments[place + 1];
      if (next === undefined || wall - offset < next.from)
        return place === 0 ? wall - offset : Math.max(wall - offset, from);
    }
    return wall;
  }
}

function offsetsOf(name: string): ZoneOffsetAt {
  const offsets = zoneOffsets(name);
  if (offsets === null) throw badRequest(`Unknown time zone: ${name}`);
  return offsets;
}

/** Changes of the clock lie weeks apart: one look every two weeks finds them all. */
function segmentsOf(offsetAt: ZoneOffsetAt, from: Instant, to: Instant): ZoneSegment[] {
  const segments = [{ from, offset: offsetAt(from) }];
  for (let seen = from; seen < to; seen += STEP) {
    const offset = offsetAt(seen + STEP);
    if (offset === segments.at(-1)!.offset) continue;
    segments.push({ from: firstInstantWith(offset, offsetAt, seen, seen + STEP), offset });
  }
  return segments;
}

/** The whole second in (before, until] at which the clock changes to the offset that it has at `until`. */
function firstInstantWith(offset: number, offsetAt: ZoneOffsetAt, before: Instant, until: Instant): Instant {
  let low = Math.floor(before / SECOND);
  let high = Math.floor(until / SECOND);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * SECOND) === offset) high = middle;
    else low = middle;
  }
  return high * SECOND;
}
