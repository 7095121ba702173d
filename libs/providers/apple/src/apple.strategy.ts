import { defineProvider, SdkMapper, type SdkDialect } from '#libs/providers/kit';

/** HealthKit keeps percentages and blood alcohol as fractions; the SDK scales some of them itself, so values above 1 stay. */
export const APPLE_DIALECT: SdkDialect = { provider: 'apple', reportsFractions: true, deliversSleepScore: false };

export const apple = defineProvider({
  code: 'apple',
  displayName: 'Apple Health',
  capabilities: { sdkUpload: true, fileImport: true },
  sdk: new SdkMapper(APPLE_DIALECT),
});
