import { defineProvider, SdkMapper, type SdkDialect } from '#libs/providers/kit';

/** Percentages arrive as 0..100; the sleep score travels in the `values` of sleep segments. */
export const SAMSUNG_DIALECT: SdkDialect = { provider: 'samsung', reportsFractions: false, deliversSleepScore: true };

export const samsung = defineProvider({
  code: 'samsung',
  displayName: 'Samsung Health',
  capabilities: { sdkUpload: true },
  sdk: new SdkMapper(SAMSUNG_DIALECT),
});
