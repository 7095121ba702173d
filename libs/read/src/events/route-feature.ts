/** A track point as it is stored. */
export interface StoredRoutePoint {
  readonly time: string | null;
  readonly latitude: number;
  readonly longitude: number;
  readonly altitude_meters: number | null;
  readonly horizontal_accuracy_meters: number | null;
}

/** GeoJSON (RFC 7946): positions are `[longitude, latitude]` or `[longitude, latitude, altitude in metres]`. */
export interface RouteFeature {
  readonly type: 'Feature';
  readonly geometry: { readonly type: 'LineString'; readonly coordinates: readonly (readonly number[])[] };
  readonly properties: RouteProperties;
}

/** One entry per position, null where it is not known. */
export interface RouteProperties {
  readonly workout_id: string;
  readonly times: readonly (string | null)[];
  readonly altitudes_meters: readonly (number | null)[];
  readonly horizontal_accuracies_meters: readonly (number | null)[];
}

/** A track as a GeoJSON line; null when it has fewer than the two positions a line needs. */
export function routeFeature(workoutId: string, route: readonly StoredRoutePoint[]): RouteFeature | null {
  if (route.length < 2) return null;
  return {
    type: 'Feature',
    geometry: { type: 'LineString', coordinates: route.map(position) },
    properties: {
      workout_id: workoutId,
      times: route.map((point) => point.time),
      altitudes_meters: route.map((point) => point.altitude_meters),
      horizontal_accuracies_meters: route.map((point) => point.horizontal_accuracy_meters),
    },
  };
}

const position = ({ longitude, latitude, altitude_meters: altitude }: StoredRoutePoint): number[] =>
  altitude === null ? [longitude, latitude] : [longitude, latitude, altitude];
