import { indexUnique, loadTable, shape } from './json-table.js';

/** Canonical workout code, e.g. `trail_running`. */
export type WorkoutCode = string;

export interface WorkoutType {
  readonly code: WorkoutCode;
  /** True for types whose pace (time per distance) means something. */
  readonly hasPace: boolean;
}

export const WORKOUT_TYPES: readonly WorkoutType[] = loadTable(
  new URL('./data/workout-types.json', import.meta.url),
  shape.list(shape.object({ code: shape.text, hasPace: shape.flag })),
);

const byCode = indexUnique(WORKOUT_TYPES, (row) => row.code);

const canonicalCode = (value: unknown, path: string): WorkoutCode => {
  const code = shape.text(value, path);
  if (!byCode.has(code)) throw new Error(`${path}: ${code} is no canonical workout code`);
  return code;
};

/** Names of the vocabularies that translate a sender's workout names. */
export const WORKOUT_VOCABULARIES = [
  'apple_xml',
  'sdk',
  'garmin',
  'polar',
  'suunto',
  'oura',
  'whoop',
  'strava',
  'fitbit',
  'fitbit_name',
  'google',
  'sensorbio',
] as const;
export type WorkoutVocabulary = (typeof WORKOUT_VOCABULARIES)[number];

const vocabulary = shape.object({
  normalize: shape.oneOf('none', 'lower', 'upper'),
  fallback: canonicalCode,
  map: shape.record(canonicalCode),
});

const vocabularies = loadTable(
  new URL('./data/workout-maps.json', import.meta.url),
  shape.object(
    Object.fromEntries(WORKOUT_VOCABULARIES.map((name) => [name, vocabulary])) as Record<
      WorkoutVocabulary,
      typeof vocabulary
    >,
  ),
);

/** Canonical code of a sender's workout name; undefined when the vocabulary does not know it. */
export function findWorkoutType(name: WorkoutVocabulary, text: string): WorkoutCode | undefined {
  const { normalize, map } = vocabularies[name];
  const key =
    normalize === 'none' ? text : normalize === 'lower' ? text.trim().toLowerCase() : text.trim().toUpperCase();
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** As `findWorkoutType`, with the vocabulary's fallback for unknown names. */
export const workoutTypeFrom = (name: WorkoutVocabulary, text: string): WorkoutCode =>
  findWorkoutType(name, text) ?? vocabularies[name].fallback;

/** Canonical code of a phone's workout type; null stays null (read back as `unknown`). */
export const workoutTypeFromSdk = (text: string | null | undefined): WorkoutCode | null =>
  text === null || text === undefined ? null : workoutTypeFrom('sdk', text);

/** Whether a pace is shown for workouts of this type; false for unknown codes. */
export const hasPace = (type: string | null): boolean => type !== null && (byCode.get(type)?.hasPace ?? false);
