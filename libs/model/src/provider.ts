/** Connectable integrations in wire order. */
export const PROVIDERS = [
  'apple',
  'samsung',
  'garmin',
  'google',
  'polar',
  'suunto',
  'whoop',
  'strava',
  'oura',
  'fitbit',
  'ultrahuman',
  'sensorbio',
] as const;

/** Values of the wire's provider enum that are no integrations: origin not known, computed by the platform. */
export const SENTINEL_PROVIDERS = ['unknown', 'internal'] as const;

export type ConnectableProvider = (typeof PROVIDERS)[number];
export type ProviderCode = ConnectableProvider | (typeof SENTINEL_PROVIDERS)[number];

export const PROVIDER_CODES: readonly ProviderCode[] = [...PROVIDERS, ...SENTINEL_PROVIDERS];

export const isConnectableProvider = (text: string): text is ConnectableProvider =>
  (PROVIDERS as readonly string[]).includes(text);
