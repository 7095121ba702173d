import type { Vendor } from '../cloud/vendor.js';
import type { Night } from '../people/facts.js';
import type { Life, Span } from '../people/life.js';
import { oura } from './oura.js';
import { polar } from './polar.js';
import { strava } from './strava.js';
import { whoop } from './whoop.js';

/** Every simulated vendor. */
export const VENDORS: readonly Vendor[] = [whoop, oura, polar, strava];

/** Nights and naps as a vendor knows them: Strava knows none, Polar no naps. */
export function sleepsTold(vendor: Vendor['name'], life: Life, span: Span): Night[] {
  if (vendor === 'strava') return [];
  return vendor === 'polar' ? life.nights(span) : life.sleeps(span);
}
