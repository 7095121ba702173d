import { MINUTE, zoneOffsets, type Instant, type ZoneOffsetAt, type ZoneOffsetMinutes } from '#libs/model';

/** Zones change their offset at full or half hours. */
const SLOT = 30 * MINUTE;
const MOST_SLOTS = 50_000;
const MOST_ZONES = 1_000;

const zones = new Map<string, ZoneOffsetAt | null>();
const slots = new Map<string, ZoneOffsetMinutes | null>();

/** Offset of a zone (IANA name) at an instant; null when there is no such zone. */
export function zoneOffsetAt(zone: string, instant: Instant): ZoneOffsetMinutes | null {
  const slot = Math.floor(instant / SLOT);
  const offsetAt = (): ZoneOffsetMinutes | null => {
    const offsets = known(zones, MOST_ZONES, zone, () => zoneOffsets(zone));
    return offsets && Math.round(offsets(slot * SLOT) / MINUTE);
  };
  return known(slots, MOST_SLOTS, `${slot} ${zone}`, offsetAt);
}

/** What was found before, or what `find` finds now. */
function known<T>(kept: Map<string, T>, most: number, key: string, find: () => T): T {
  const before = kept.get(key);
  if (before !== undefined) return before;
  const found = find();
  if (kept.size >= most) kept.clear();
  kept.set(key, found);
  return found;
}
