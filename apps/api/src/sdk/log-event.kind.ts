import type { Type } from '@nestjs/common';
import type { JsonObject } from '#libs/model';
import type { Kind } from '../http/wire/kind.js';
import { taggedUnion } from '../http/wire/structured.kinds.js';
import { WireProblem } from '../http/wire/wire-problem.js';

const UNKNOWN_EVENT = new Set(['union_tag_not_found', 'union_tag_invalid', 'model_attributes_type']);

/**
 * One event of a phone's log, chosen by `eventType`, kept as it was sent. Null for an event of a known type that does
 * not fit its description; only an event of no known type is a problem of the request.
 */
export function logEvent(events: Readonly<Record<string, Type<object>>>): Kind<JsonObject | null> {
  const union = taggedUnion('eventType', events);
  return {
    schema: union.schema,
    read: (raw) => {
      const event = withKnownBattery(raw);
      const read = union.read(event);
      if (!(read instanceof WireProblem)) return event as JsonObject;
      return UNKNOWN_EVENT.has(read.type) && read.location.length === 0 ? read : null;
    },
  };
}

/** Android reports a negative level when it does not know the battery's. */
function withKnownBattery(raw: unknown): unknown {
  const level = (raw as { batteryLevel?: unknown } | null)?.batteryLevel;
  return typeof level === 'number' && level < 0 ? { ...(raw as object), batteryLevel: null } : raw;
}
