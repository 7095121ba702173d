import { describe, expect, it } from '@jest/globals';
import { ProviderFactory } from './provider-factory.js';
import {
  defaultLiveSyncMode,
  defineProvider,
  isLiveSyncConfigurable,
  providerIconUrl,
  type ProviderCapabilities,
} from './provider-strategy.js';
import { SdkMapper } from './sdk/sdk-mapper.js';

const sdk = new SdkMapper({ provider: 'google', reportsFractions: false, deliversSleepScore: false });
const cloud = { hasCloudApi: true, restPull: true };
const define = (capabilities: Partial<ProviderCapabilities>, mapper?: SdkMapper) =>
  defineProvider({ code: 'google', displayName: 'Test', capabilities, ...(mapper && { sdk: mapper }) });

describe('capabilities', () => {
  it.each<[Partial<ProviderCapabilities>, string | null, boolean]>([
    [cloud, 'pull', false],
    [{ ...cloud, webhookPing: true }, 'pull', true],
    [{ ...cloud, webhookStream: true }, 'pull', true],
    [{ hasCloudApi: true, webhookStream: true, webhookCallback: true, maxHistoricalDays: 30 }, 'webhook', false],
    [{}, null, false],
  ])('%j give the live mode %j', (capabilities, mode, isConfigurable) => {
    const strategy = define(capabilities);
    expect(defaultLiveSyncMode(strategy.capabilities)).toBe(mode);
    expect(isLiveSyncConfigurable(strategy.capabilities)).toBe(isConfigurable);
  });

  it('leave phones without a mode', () =>
    expect(defaultLiveSyncMode(define({ sdkUpload: true }, sdk).capabilities)).toBeNull());

  it.each<[Partial<ProviderCapabilities>, string]>([
    [{ ...cloud, webhookPing: true, webhookStream: true }, 'not both'],
    [{ hasCloudApi: true, webhookPing: true }, 'API to pull from'],
    [{ webhookSecretFromRegistration: true }, 'needs registration'],
    [{ restPull: true }, 'needs a cloud API'],
    [{ sdkUpload: true }, 'come together'],
  ])('refuse the contradiction %j', (capabilities, message) => expect(() => define(capabilities)).toThrow(message));

  it('name the icon', () => expect(providerIconUrl('oura')).toBe('/static/provider-icons/oura.svg'));
});

describe('ProviderFactory', () => {
  const strategy = define({ sdkUpload: true }, sdk);

  it('finds providers by their exact code', () => {
    const factory = new ProviderFactory([strategy]);
    expect(factory.get('google')).toBe(strategy);
    expect(factory.all()).toEqual([strategy]);
    expect([factory.has('google'), factory.has('Google')]).toEqual([true, false]);
    expect(() => factory.get('GOOGLE')).toThrow(
      expect.objectContaining({ status: 400, detail: 'Unknown provider: GOOGLE' }),
    );
  });

  it('refuses two of one code', () => expect(() => new ProviderFactory([strategy, strategy])).toThrow('share a code'));
});
