/** The providers of this installation. Adding one = its folder, and one line here. */
import { apple } from '#libs/providers/apple';
import { google } from '#libs/providers/google';
import { ProviderFactory } from '#libs/providers/kit';
import { samsung } from '#libs/providers/samsung';

export const PROVIDER_STRATEGIES = [apple, samsung, google] as const;

export const createProviderFactory = (): ProviderFactory => new ProviderFactory(PROVIDER_STRATEGIES);
