import { Module, type DynamicModule } from '@nestjs/common';
import type { AppConfig } from './load-config.js';

/** Injection token of the `AppConfig`. */
export const CONFIG = Symbol('CONFIG');

/** Gives every module of the application the same `AppConfig`. */
@Module({})
export class ConfigModule {
  static forRoot(config: AppConfig): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [{ provide: CONFIG, useValue: config }],
      exports: [CONFIG],
    };
  }
}
