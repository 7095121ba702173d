import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import { CONFIG, type AppConfig } from '#libs/config';
import { CallerBudgets } from './caller-budgets.js';
import { LimitStorage } from './limit-storage.js';
import { limitsOf } from './limits.js';
import { RateLimitGuard } from './rate-limit.guard.js';
import { SharedWindows } from './shared-windows.js';

@Module({ providers: [SharedWindows, CallerBudgets, LimitStorage], exports: [LimitStorage] })
class LimitStorageModule {}

/** Puts the limits in front of every route. Import it after the module that recognises callers. */
@Module({
  imports: [
    ThrottlerModule.forRootAsync({
      imports: [LimitStorageModule],
      inject: [CONFIG, LimitStorage],
      useFactory: (config: AppConfig, storage: LimitStorage) => ({ throttlers: limitsOf(config), storage }),
    }),
  ],
  providers: [{ provide: APP_GUARD, useClass: RateLimitGuard }],
})
export class RateLimitsModule {}
