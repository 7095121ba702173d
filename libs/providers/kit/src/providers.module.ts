import { Module, type DynamicModule } from '@nestjs/common';
import { ProviderFactory } from './provider-factory.js';
import type { ProviderStrategy } from './provider-strategy.js';

/** Makes the ProviderFactory injectable everywhere. The app says which providers there are, once, with `forRoot`. */
@Module({})
export class ProvidersModule {
  static forRoot(strategies: readonly ProviderStrategy[]): DynamicModule {
    return {
      module: ProvidersModule,
      global: true,
      providers: [{ provide: ProviderFactory, useValue: new ProviderFactory(strategies) }],
      exports: [ProviderFactory],
    };
  }
}
