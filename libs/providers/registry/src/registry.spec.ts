import { describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { ProviderFactory, ProvidersModule, SDK_PROVIDERS } from '#libs/providers/kit';
import { createProviderFactory, PROVIDER_STRATEGIES } from './index.js';

describe('the registry', () => {
  it('has a mapper for every provider whose uploads are accepted', () => {
    const factory = createProviderFactory();
    const uploading = factory.all().filter(({ capabilities }) => capabilities.sdkUpload);
    expect(uploading.map(({ code }) => code)).toEqual([...SDK_PROVIDERS]);
    for (const code of SDK_PROVIDERS) {
      const mapping = factory.get(code).sdk?.map({ collection: 'records', startIndex: 0, items: [] });
      expect(mapping).toMatchObject({ batch: { provider: code, points: [] }, problems: [] });
    }
  });

  it('is injected from anywhere once the app has named its providers', async () => {
    const app = await Test.createTestingModule({ imports: [ProvidersModule.forRoot(PROVIDER_STRATEGIES)] }).compile();
    expect(app.get(ProviderFactory).get('samsung').displayName).toBe('Samsung Health');
    await app.close();
  });
});
