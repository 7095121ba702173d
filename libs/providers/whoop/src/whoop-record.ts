import { parseZoneOffset, type JsonObject, type JsonValue, type ZoneOffsetMinutes } from '#libs/model';
import { atPath, numberAt, textAt, type MappingContext } from '#libs/providers/kit';

export const WHOOP_SOURCE = { source: 'whoop' } as const;
export const WHOOP_NAME = 'Whoop';

/** Why a record is left out; it comes again. */
export const NOT_SCORED = 'is not scored yet';

/** Whether WHOOP has scored the record; `PENDING_SCORE` and `UNSCORABLE` are the other states. */
export const isScored = (record: JsonObject): boolean => record['score_state'] === 'SCORED';

/** `timezone_offset` (`+01:00`, `Z`); an odd text costs the offset alone. */
export const zoneOffsetOf = (record: JsonObject): ZoneOffsetMinutes | null =>
  parseZoneOffset(textAt(record, 'timezone_offset')) ?? null;

/** Whether there is a score object to read. */
export const hasScore = (record: JsonValue): boolean => (atPath(record, 'score') ?? null) !== null;

/** Fields of `score` under their own names. */
export const scoreFields = <F extends string>(
  record: JsonObject,
  fields: readonly F[],
  context: MappingContext,
): Readonly<Record<F, number | null>> =>
  Object.fromEntries(fields.map((field) => [field, numberAt(record, `score.${field}`, context)])) as Record<
    F,
    number | null
  >;
