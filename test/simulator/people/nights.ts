import { STAGE_MINUTES, type Night, type Stage } from './facts.js';
import { addDays, MINUTE_MS } from './local-time.js';
import type { Person } from './person.js';

const CYCLE_MINUTES = 90;
/** What the first telling does not know yet: the last minutes in bed. */
const REVISED_MINUTES = 10;

/** Share of days with a nap. */
const NAP_SHARE = 0.14;

/** A device tells of a night some minutes after it. */
const TOLD_AFTER_MS = 10 * MINUTE_MS;

/** The night that ends on the morning of `date`. A later version is longer at its end and scores otherwise. */
export function nightOf(person: Person, date: string, version: number): Night {
  const { bedMinutes, sleepMinutes, restingHeartRate } = person.habits;
  const bedHours = 18 + (bedMinutes + person.wholeBetween(-40, 55, 'bedtime', date)) / 60;
  const startMs = person.at(addDays(date, -1), bedHours);
  const restless = person.chance('restless', date);
  const told = Math.floor((sleepMinutes + person.wholeBetween(-75, 60, 'length', date)) / STAGE_MINUTES);
  const epochs = told + ((version - 1) * REVISED_MINUTES) / STAGE_MINUTES;
  const length = epochs * STAGE_MINUTES;
  const score = Math.round(92 - restless * 30 - Math.max(0, 420 - told * STAGE_MINUTES) / 6) + version - 1;
  return {
    ...{ key: `night-${date}`, isNap: false, version, date, startMs, zoneMinutes: person.zoneOn(date) },
    endMs: startMs + length * MINUTE_MS,
    toldAtMs: startMs + told * STAGE_MINUTES * MINUTE_MS + TOLD_AFTER_MS,
    stages: Array.from({ length: epochs }, (_, epoch) => stageAt(person, date, epoch, epochs)),
    score,
    recovery: Math.max(5, Math.min(99, Math.round(score + person.between(-22, 12, 'recovery', date)))),
    restingHeartRate: restingHeartRate + Math.round(restless * 5),
    ...bodyAsleep(person, date, restless),
  };
}

/** The nap of a date; most dates have none. */
export function napOf(person: Person, date: string, version: number): Night | null {
  if (person.chance('naps', date) >= NAP_SHARE) return null;
  const epochs = person.wholeBetween(4, 9, 'nap length', date) + version - 1;
  // Between the workouts of noon and evening.
  const startMs = person.at(date, person.between(14.2, 15.4, 'nap start', date));
  const endMs = startMs + epochs * STAGE_MINUTES * MINUTE_MS;
  return {
    ...{ key: `nap-${date}`, isNap: true, version, date, startMs, endMs, zoneMinutes: person.zoneOn(date) },
    toldAtMs: endMs + TOLD_AFTER_MS,
    stages: Array.from({ length: epochs }, (_, epoch) => (epoch === 0 ? 'awake' : 'light')),
    ...{ score: 40 + epochs, recovery: 50, restingHeartRate: person.habits.restingHeartRate + 6 },
    ...bodyAsleep(person, `nap ${date}`, 0.5),
  };
}

const bodyAsleep = (
  person: Person,
  when: string,
  restless: number,
): Pick<Night, 'hrvMs' | 'breathsPerMinute' | 'spo2Percent' | 'skinTemperatureCelsius'> => ({
  hrvMs: round(person.between(38, 95, 'hrv') * (1.1 - restless * 0.35), 4),
  breathsPerMinute: round(person.between(13, 17, 'breath') + restless, 3),
  spo2Percent: round(person.between(94.5, 98.5, 'spo2', when), 3),
  skinTemperatureCelsius: round(33.6 + person.between(-0.6, 0.7, 'skin', when), 2),
});

/** Deep sleep early, REM late, short awakenings between the cycles. */
function stageAt(person: Person, date: string, epoch: number, epochs: number): Stage {
  if (epoch < 2 || epoch === epochs - 1) return 'awake';
  const minute = epoch * STAGE_MINUTES;
  const inCycle = minute % CYCLE_MINUTES;
  const ofNight = epoch / epochs;
  if (inCycle < STAGE_MINUTES && person.chance('awake', date, epoch) < 0.5) return 'awake';
  if (inCycle >= 25 && inCycle < 25 + 40 * (1 - ofNight)) return 'deep';
  return inCycle >= CYCLE_MINUTES - 10 - 30 * ofNight ? 'rem' : 'light';
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));
