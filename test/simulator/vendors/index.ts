import type { Vendor } from '../cloud/vendor.js';
import { oura } from './oura.js';
import { polar } from './polar.js';
import { strava } from './strava.js';
import { whoop } from './whoop.js';

/** Every simulated vendor. */
export const VENDORS: readonly Vendor[] = [whoop, oura, polar, strava];
