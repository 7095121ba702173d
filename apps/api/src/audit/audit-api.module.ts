import { Module } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { AuditModule } from '#libs/audit';
import { AuditController } from './audit.controller.js';
import { AuditGuard } from './audit.guard.js';
import { AuditInterceptor } from './audit.interceptor.js';

/** The audit trail over everything the application serves. Import it before every module with guards of its own. */
@Module({
  imports: [AuditModule],
  controllers: [AuditController],
  providers: [
    { provide: APP_GUARD, useClass: AuditGuard },
    { provide: APP_INTERCEPTOR, useClass: AuditInterceptor },
  ],
})
export class AuditApiModule {}
