import { defineProvider, SdkMapper, type SdkDialect } from '#libs/providers/kit';

/** Health Connect: percentages as 0..100, no scores. */
export const GOOGLE_DIALECT: SdkDialect = { provider: 'google', reportsFractions: false, deliversSleepScore: false };

export const google = defineProvider({
  code: 'google',
  displayName: 'Google Health',
  apiBaseUrl: 'https://health.googleapis.com',
  capabilities: { hasCloudApi: true, restPull: true, sdkUpload: true, webhookPing: true, webhookRegistration: true },
  sdk: new SdkMapper(GOOGLE_DIALECT),
});
