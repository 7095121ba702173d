import type { JsonObject, SourceIdentity, ZoneOffsetMinutes } from '#libs/model';
import { numberAt, textAt, type MappingContext } from '#libs/providers/kit';

export const STRAVA_NAME = 'Strava';

export const stravaSource = (activity: JsonObject): Partial<SourceIdentity> => ({
  source: 'strava',
  deviceModel: textAt(activity, 'device_name'),
});

/** `utc_offset` is in seconds; impossible ones count as unknown. */
export function zoneOffsetOf(activity: JsonObject, context: MappingContext): ZoneOffsetMinutes | null {
  const seconds = numberAt(activity, 'utc_offset', context);
  if (seconds === null || Math.abs(seconds) > 18 * 3600) return null;
  return Math.trunc(seconds / 60) || 0;
}
