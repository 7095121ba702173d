import type { Workout } from './facts.js';
import { MINUTE_MS } from './local-time.js';
import type { Person, Sport } from './person.js';

const HOURS = [6.75, 12.25, 17.5, 18.75];
const SECOND_WORKOUT_SHARE = 0.08;
/** Kilometres per hour and share of the way from resting to maximum heart rate. */
const PACE: Readonly<Record<Sport, readonly [kilometersPerHour: number, effort: number]>> = {
  running: [10.4, 0.76],
  cycling: [24.5, 0.66],
  swimming: [2.6, 0.62],
  strength: [0, 0.48],
  yoga: [0, 0.25],
  walking: [5.2, 0.34],
};

/** What somebody trained on a local date, in the order of the day: mostly one workout or none. */
export function workoutsOf(person: Person, date: string, versionOf: (key: string) => number): Workout[] {
  if (person.chance('trains', date) > person.habits.workoutShare) return [];
  const count = person.chance('twice', date) < SECOND_WORKOUT_SHARE ? 2 : 1;
  const first = person.wholeBetween(0, HOURS.length - count, 'slot', date);
  return Array.from({ length: count }, (_, n) => {
    const key = `workout-${date}-${n}`;
    const startMs = person.at(date, HOURS[first + n]! + person.between(0, 0.45, 'minute', key));
    return workoutOf(person, { key, version: versionOf(key), startMs, zoneMinutes: person.zoneOn(date) });
  });
}

/** A workout that begins at a given time; everything else belongs to its key. A later version went a little longer and farther. */
export function workoutOf(person: Person, base: Pick<Workout, 'key' | 'version' | 'startMs' | 'zoneMinutes'>): Workout {
  const { restingHeartRate, maximumHeartRate, sports, weightKg } = person.habits;
  const sport = person.oneOf(sports, 'sport', base.key);
  const minutes = person.wholeBetween(22, 78, 'minutes', base.key);
  const [speed, usualEffort] = PACE[sport];
  const effort = usualEffort * person.between(0.9, 1.12, 'effort', base.key);
  const averageHeartRate = Math.round(restingHeartRate + effort * (maximumHeartRate - restingHeartRate));
  const longer = 1 + (base.version - 1) * 0.03;
  return {
    ...base,
    sport,
    endMs: base.startMs + (minutes + base.version - 1) * MINUTE_MS,
    averageHeartRate,
    maximumHeartRate: Math.min(maximumHeartRate, averageHeartRate + person.wholeBetween(14, 34, 'peak', base.key)),
    kcal: Math.round((minutes / 60) * weightKg * (2 + effort * 11) * longer),
    distanceMeters: Math.round(speed * person.between(0.88, 1.1, 'speed', base.key) * (minutes / 60) * 1000 * longer),
    climbMeters: speed > 0 && sport !== 'swimming' ? person.wholeBetween(4, 320, 'climb', base.key) : 0,
    strain: Number(Math.min(20.9, effort * minutes * 0.3 * longer).toFixed(4)),
  };
}
