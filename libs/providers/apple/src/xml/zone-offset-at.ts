import { dateFromInstant, MINUTE, type Instant, type ZoneOffsetMinutes } from '#libs/model';

/** Zones change their offset at full or half hours. */
const SLOT = 30 * MINUTE;
const MOST_SLOTS = 50_000;
const MOST_ZONES = 1_000;

const clocks = new Map<string, Intl.DateTimeFormat | null>();
const slots = new Map<string, ZoneOffsetMinutes | null>();

/** Offset of a zone (IANA name) at an instant; null when there is no such zone. */
export function zoneOffsetAt(zone: string, instant: Instant): ZoneOffsetMinutes | null {
  const slot = Math.floor(instant / SLOT);
  const key = `${slot} ${zone}`;
  const known = slots.get(key);
  if (known !== undefined) return known;
  if (slots.size >= MOST_SLOTS) slots.clear();
  const offset = compute(zone, slot * SLOT);
  slots.set(key, offset);
  return offset;
}

function compute(zone: string, instant: Instant): ZoneOffsetMinutes | null {
  const clock = clockOf(zone);
  if (clock === null) return null;
  const parts = new Map(clock.formatToParts(dateFromInstant(instant)).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return Math.round((local * 1000 - instant) / MINUTE);
}

function clockOf(zone: string): Intl.DateTimeFormat | null {
  let clock = clocks.get(zone);
  if (clock === undefined) {
    clock = makeClock(zone);
    if (clocks.size >= MOST_ZONES) clocks.clear();
    clocks.set(zone, clock);
  }
  return clock;
}

function makeClock(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
