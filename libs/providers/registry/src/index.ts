/** The providers of this installation. Adding one = its folder, and one line here. */
import { apple } from '#libs/providers/apple';
import { google } from '#libs/providers/google';
import { ProviderFactory } from '#libs/providers/kit';
import { oura } from '#libs/providers/oura';
import { polar } from '#libs/providers/polar';
import { samsung } from '#libs/providers/samsung';
import { strava } from '#libs/providers/strava';
import { whoop } from '#libs/providers/whoop';

export const PROVIDER_STRATEGIES = [apple, samsung, google, polar, whoop, strava, oura] as const;

export const createProviderFactory = (): ProviderFactory => new ProviderFactory(PROVIDER_STRATEGIES);
