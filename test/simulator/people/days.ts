import type { Day, Workout } from './facts.js';
import { dateMs, DAY_MS, MINUTE_MS } from './local-time.js';
import type { Person } from './person.js';

const METERS_PER_STEP = 0.74;

/** Share of a day's walking that is done by a local hour: nothing at night, most around the middle of the day. */
function shareBy(localHours: number): number {
  const awake = Math.min(1, Math.max(0, (localHours - 6.5) / 16));
  return (1 - Math.cos(Math.PI * awake)) / 2;
}

/** What a local date has come to by `nowMs`; a day that is over no longer changes. */
export function dayOf(person: Person, date: string, workouts: readonly Workout[], nowMs: number): Day {
  const zoneMinutes = person.zoneOn(date);
  const hours = (nowMs + zoneMinutes * MINUTE_MS - dateMs(date)) / (DAY_MS / 24);
  const isWeekend = [0, 6].includes(new Date(dateMs(date)).getUTCDay());
  const wholeDay = person.habits.stepsPerDay * person.between(0.6, 1.35, 'walk', date) * (isWeekend ? 0.85 : 1);
  const done = workouts.filter(({ endMs }) => endMs <= nowMs);
  const trained = done.reduce((sum, workout) => sum + (workout.endMs - workout.startMs) / 1000, 0);
  const steps = Math.floor(wholeDay * shareBy(hours)) + done.filter(({ sport }) => sport === 'running').length * 4_200;
  const activeKcal = Math.round(steps * 0.038 + done.reduce((sum, { kcal }) => sum + kcal, 0));
  const passed = Math.min(1, Math.max(0, hours / 24));
  return {
    ...{ key: `day-${date}`, version: Math.max(1, Math.floor(Math.min(hours, 24) * 4)), date, zoneMinutes, steps },
    activeKcal,
    totalKcal: activeKcal + Math.round(person.habits.weightKg * 23 * passed),
    distanceMeters: Math.round(steps * METERS_PER_STEP),
    highSeconds: Math.round((trained * 0.35) / 60) * 60,
    mediumSeconds: Math.round((trained * 0.65 + steps * 0.08) / 60) * 60,
    lowSeconds: Math.round((steps * 0.9) / 60) * 60,
    score: Math.max(20, Math.min(98, Math.round(55 + steps / 320 + trained / 240))),
  };
}
