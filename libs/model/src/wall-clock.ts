import { SECOND, type Instant } from './instant.js';

/** How far a zone's wall clock is ahead of UTC at an instant, in microseconds. */
export type ZoneOffsetAt = (instant: Instant) => number;

const YEAR_ONE_MILLIS = Date.parse('0001-01-01T00:00:00Z');

/** The wall clock of a zone (IANA name); null when there is no such zone. */
export function zoneOffsets(name: string): ZoneOffsetAt | null {
  const format = formatOf(name);
  if (format === null) return null;
  return (instant) => {
    const millis = Math.max(Math.floor(instant / SECOND) * 1000, YEAR_ONE_MILLIS);
    const parts = new Map(format.formatToParts(millis).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    const wall = new Date(0);
    wall.setUTCFullYear(part('year'), part('month') - 1, part('day'));
    wall.setUTCHours(part('hour'), part('minute'), part('second'));
    return (wall.getTime() - millis) * 1000;
  };
}

/** Only names: the platform also knows bare offsets such as `+02:00`, which are no places. */
function formatOf(name: string): Intl.DateTimeFormat | null {
  if (!/^[A-Za-z]/.test(name)) return null;
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
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
