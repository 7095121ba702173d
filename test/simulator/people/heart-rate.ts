import type { Night, Workout } from './facts.js';
import { HOUR_MS, MINUTE_MS } from './local-time.js';
import type { Person } from './person.js';

export interface Beat {
  readonly ms: number;
  readonly bpm: number;
}

/** Heart rate at full multiples of `everyMinutes` from `fromMs` up to `toMs`: asleep, awake with a slow tide, training. */
export function heartRates(
  person: Person,
  { fromMs, toMs, everyMinutes }: { fromMs: number; toMs: number; everyMinutes: number },
  nights: readonly Night[],
  workouts: readonly Workout[],
): Beat[] {
  const stepMs = everyMinutes * MINUTE_MS;
  const beats: Beat[] = [];
  for (let ms = Math.ceil(fromMs / stepMs) * stepMs; ms < toMs; ms += stepMs) {
    const night = nights.find(({ startMs, endMs }) => startMs <= ms && ms < endMs);
    const workout = workouts.find(({ startMs, endMs }) => startMs <= ms && ms < endMs);
    beats.push({ ms, bpm: bpmAt(person, ms, night, workout) });
  }
  return beats;
}

function bpmAt(person: Person, ms: number, night: Night | undefined, workout: Workout | undefined): number {
  const { restingHeartRate } = person.habits;
  const flutter = person.between(-4, 5, 'beat', ms);
  if (workout) return Math.round(workout.averageHeartRate + flutter * 2);
  if (night) return sleepingBpm(person, night, ms);
  const tide = Math.sin(((ms / HOUR_MS + person.habits.homeZoneMinutes / 60 - 9) / 24) * 2 * Math.PI);
  return Math.round(restingHeartRate + 19 + tide * 7 + flutter);
}

/** A heart slows down in the course of a night. The same in every record that tells of this instant. */
export function sleepingBpm(person: Person, night: Night, ms: number): number {
  const share = (ms - night.startMs) / (night.endMs - night.startMs);
  return Math.round(night.restingHeartRate + 7 * (1 - share) + person.between(-2, 2.5, 'beat', ms));
}
