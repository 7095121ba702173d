import { Module } from '@nestjs/common';
import { AccessCounter } from './access-counter.js';
import { AuditReader } from './audit-reader.js';
import { Audit } from './audit.js';

@Module({ providers: [Audit, AccessCounter, AuditReader], exports: [Audit, AccessCounter, AuditReader] })
export class AuditModule {}
