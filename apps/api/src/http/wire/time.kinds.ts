import { parseIsoInstant, parseQueryInstant, type Instant, type QueryInstant } from '#libs/model';
import type { Kind } from './kind.js';
import { WireProblem } from './wire-problem.js';

/** A date or time of a query: ISO 8601 or Unix seconds, with what the answer's metadata echoes. */
export function queryInstant(): Kind<QueryInstant> {
  return {
    schema: { type: 'string', example: '2031-05-02T06:07:08Z' },
    read: (raw) => {
      const parsed = typeof raw === 'string' ? parseQueryInstant(raw) : null;
      if (parsed) return parsed;
      const shown = typeof raw === 'string' ? raw : JSON.stringify(raw);
      const message = `Invalid datetime format: '${shown}'. Expected ISO 8601 format or Unix timestamp.`;
      return new WireProblem(message, 'datetime_parsing');
    },
  };
}

/** A time stamp of a body: ISO 8601 text, or a number of Unix seconds. */
export function timestamp(): Kind<Instant> {
  return {
    schema: { type: 'string', format: 'date-time' },
    read: (raw) => {
      const instant = typeof raw === 'string' ? parseIsoInstant(raw.trim()) : secondsToInstant(raw);
      return (
        instant ??
        new WireProblem('Input should be a valid datetime, invalid or unsupported format', 'datetime_parsing')
      );
    },
  };
}

/** A calendar date of a body as `YYYY-MM-DD`. */
export function calendarDate(): Kind<string> {
  return {
    schema: { type: 'string', format: 'date' },
    read: (raw) =>
      typeof raw === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(raw) && parseIsoInstant(raw) !== null
        ? raw
        : new WireProblem('Input should be a valid date in the format YYYY-MM-DD', 'date_parsing'),
  };
}

function secondsToInstant(raw: unknown): Instant | null {
  if (typeof raw !== 'number' || !Number.isFinite(raw)) return null;
  const instant = Math.round(raw * 1_000_000);
  return Number.isSafeInteger(instant) ? instant : null;
}
