import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from '../cloud/faults.js';
import type { Change } from '../cloud/vendor.js';
import { connect } from '../connect.js';
import { chance, oneOf, wholeBetween } from '../people/chance.js';
import { DAY_MS, HOUR_MS } from '../people/local-time.js';
import type { Life } from '../people/life.js';
import type { Simulator, VendorName } from '../simulator.js';
import type { PlatformClient } from './platform-client.js';
import { sleepsTold } from '../vendors/index.js';

export interface Stage {
  readonly simulator: Simulator;
  readonly platform: PlatformClient;
  /** Kills a worker without a word and starts another. */
  readonly restartWorker: () => Promise<void>;
}

export interface ChaosPlan {
  readonly connections: number;
  readonly seconds: number;
  readonly kills: number;
  /** How long the platform may take to become complete by itself once everything is quiet. */
  readonly patienceSeconds: number;
}

export interface ChaosReport {
  readonly kills: number;
  readonly deliveries: number;
  /** Deliveries that the platform did not take. */
  readonly refused: number;
  /** Tokens that ran out and were replaced. */
  readonly refreshes: number;
  /** What went wrong on purpose, all vendors together. */
  readonly faults: Readonly<Record<string, number>>;
  /** Connections that became complete before anybody asked for their history again. */
  readonly completeByThemselves: number;
  /** Differences of the others, in words. */
  readonly incomplete: readonly string[];
  /** What the platform holds too much or too little in the end, in words; empty when all is well. */
  readonly differences: readonly string[];
}

interface Connection {
  readonly userId: string;
  readonly vendor: VendorName;
  readonly person: number;
  readonly life: Life;
}

const AT_ONCE = 8;
const SETTLING_PAUSE_MS = 3_000;
const LOOKED_AT_DAYS = 20;
const HISTORY_DAYS = 30;
/** How often somebody's token runs out, per thing that happens. */
const EXPIRY_SHARE = 0.3;
/** Token endpoints have the same troubles: an answer with new tokens gets lost, too. */
const FAULTS: readonly Fault[] = [
  { kind: '429', share: 0.04, retryAfterSeconds: 1 },
  { kind: '500', share: 0.05 },
  { kind: 'slow', share: 0.03, delayMs: 150 },
  { kind: 'cut', share: 0.04 },
  { kind: 'garbage', share: 0.02 },
  { kind: 'duplicate', share: 0.2 },
  { kind: 'reorder', share: 0.2 },
];

/**
 * Connects users to all vendors, then lets everything go wrong for a while: faults at the vendors, deliveries twice and
 * out of order, workers killed. In the end the platform must hold what happened, once.
 */
export async function chaos(stage: Stage, plan: ChaosPlan): Promise<ChaosReport> {
  const clouds = Object.values(stage.simulator.clouds);
  for (const { subscriptions, vendor } of clouds) {
    // WHOOP's are set up by hand; the others' secrets and questions come with the registration.
    if (vendor.name === 'whoop') subscriptions.put(`${stage.platform.url}/api/v1/providers/whoop/webhooks`);
    else await stage.platform.subscribe(vendor.name);
  }
  const connections = await inTurns(range(plan.connections), (n) => connected(stage, n));
  for (const { faults, oauth } of clouds) {
    faults.set(FAULTS);
    // Where an answer with new tokens gets lost for good, no platform can help its user.
    oauth.hasGrace = true;
  }
  const [told] = await Promise.all([live(stage, connections, plan), kill(stage, plan)]);
  for (const { faults } of clouds) faults.set([]);
  // Nights settle and begin by themselves, and nobody is told: what is compared must not move meanwhile.
  stage.simulator.clock.stop();
  const incomplete = await patiently(stage, connections, plan.patienceSeconds);
  await inTurns(connections, (connection) => fetchAgain(stage, connection));
  const after = await inTurns(connections, (connection) => differencesOf(stage, connection));
  return {
    kills: plan.kills,
    ...told,
    refreshes: clouds.reduce((total, { oauth }) => total + oauth.counts.refreshes, 0),
    faults: sum(clouds.map(({ faults }) => faults.counts)),
    completeByThemselves: connections.length - incomplete.length,
    incomplete: incomplete.flat(),
    differences: after.flat(),
  };
}

/** Looks at whoever is not complete yet, again and again. @returns the differences of each who never was */
async function patiently(stage: Stage, connections: readonly Connection[], seconds: number): Promise<string[][]> {
  const endMs = Date.now() + seconds * 1000;
  for (let waiting = connections; ; await pause(SETTLING_PAUSE_MS)) {
    const found = await inTurns(waiting, (connection) => differencesOf(stage, connection));
    waiting = waiting.filter((_, at) => found[at]!.length > 0);
    if (waiting.length === 0 || Date.now() > endMs) return found.filter(({ length }) => length > 0);
  }
}

async function connected({ simulator, platform }: Stage, n: number): Promise<Connection> {
  const { id } = await platform.request<{ id: string }>('POST', '/users', { external_user_id: `chaos-${n}` });
  const vendors = Object.keys(simulator.clouds) as VendorName[];
  const [vendor, person] = [vendors[n % vendors.length]!, n + 1];
  await connect({ platform: platform.url, userId: id, vendor, person });
  return { userId: id, vendor, person, life: simulator.lives[n]! };
}

/** Things happen, one after the other, and are told. */
async function live(stage: Stage, connections: readonly Connection[], plan: ChaosPlan) {
  const endMs = Date.now() + plan.seconds * 1000;
  let [deliveries, refused] = [0, 0];
  for (let n = 0; Date.now() < endMs; n++) {
    const { vendor, person, life } = oneOf(connections, 'who', n);
    const cloud = stage.simulator.clouds[vendor];
    if (cloud.vendor.refreshes && chance('expiry', n) < EXPIRY_SHARE) cloud.oauth.expire(cloud.account(person));
    const told = await cloud.deliveries.tell(person, [happening(life, vendor, n)]);
    const taken = told.filter(({ status }) => status === 200).length;
    [deliveries, refused] = [deliveries + taken, refused + told.length - taken];
    await pause(100);
  }
  return { deliveries, refused };
}

/** A new workout, a second thought, or something taken back where the vendor says so. */
function happening(life: Life, vendor: VendorName, n: number): Change {
  const nowMs = Date.now();
  const recent = { fromMs: nowMs - LOOKED_AT_DAYS * DAY_MS, toMs: nowMs };
  const known = life.workouts(recent);
  const what = chance('what', n);
  if (what < 0.5 || known.length === 0) {
    const startMs = Math.floor((nowMs - wholeBetween(3, 60, 'ago', n) * HOUR_MS) / 1000) * 1000 - n;
    return { what: 'workout', action: 'create', key: life.addWorkout(startMs - (startMs % 1000)) };
  }
  const { key } = oneOf(known, 'which', n);
  if (what > 0.9 && vendor !== 'polar') {
    life.delete(key);
    return { what: 'workout', action: 'delete', key };
  }
  const night = life.nights(recent).at(-1);
  if (what > 0.7 && vendor !== 'strava' && night) {
    life.revise(night.key);
    return { what: 'sleep', action: 'update', key: night.key };
  }
  life.revise(key);
  return { what: 'workout', action: 'update', key };
}

async function kill({ restartWorker }: Stage, { kills, seconds }: ChaosPlan): Promise<void> {
  for (let n = 0; n < kills; n++) {
    await pause((seconds * 1000 * (0.5 + chance('kill', n))) / (kills + 1));
    await restartWorker();
  }
}

async function fetchAgain({ platform }: Stage, { userId, vendor }: Connection): Promise<void> {
  const path = `/providers/${vendor}/users/${userId}/sync/historical?days=${HISTORY_DAYS}`;
  const { task_id } = await platform.request<{ task_id: string }>('POST', path);
  await platform.ended(task_id);
}

async function differencesOf({ platform }: Stage, { userId, vendor, life }: Connection): Promise<string[]> {
  const span = { fromMs: Date.now() - LOOKED_AT_DAYS * DAY_MS, toMs: Date.now() + HOUR_MS };
  const text = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');
  const compare = async (kind: 'sleep' | 'workouts', true_: readonly { startMs: number; endMs: number }[]) => {
    const expected = true_.map(({ startMs, endMs }) => `${text(startMs)}/${text(endMs)}`).sort();
    const held = await platform.events(userId, kind, span.fromMs, span.toMs);
    const missing = expected.filter((one) => !held.includes(one)).map((one) => `${vendor} ${kind}: ${one} is missing`);
    const extra = held.filter((one, at) => !expected.includes(one) || held.indexOf(one) !== at);
    return [...missing, ...extra.map((one) => `${vendor} ${kind}: ${one} is too much`)];
  };
  const sleeps = sleepsTold(vendor, life, span);
  return [...(await compare('workouts', life.workouts(span))), ...(await compare('sleep', sleeps))];
}

const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(work))));
  }
  return results;
}

function sum(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const [name, count] of counts.flatMap((one) => Object.entries(one))) total[name] = (total[name] ?? 0) + count;
  return total;
}
