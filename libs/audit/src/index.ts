/** Who did what to whose data: an append-only trail, and daily counts of reads and uploads. */
export { AccessCounter, type DataAccess } from './access-counter.js';
export {
  ACTOR_KINDS,
  OUTCOMES,
  outcomeOf,
  type ActorKind,
  type AuditEntryView,
  type NewAuditEntry,
  type Outcome,
} from './audit-entry.js';
export {
  AuditReader,
  type AccessDayView,
  type AccessQuery,
  type AuditFilter,
  type AuditPage,
  type AuditQuery,
} from './audit-reader.js';
export { Audit } from './audit.js';
export { AuditModule } from './audit.module.js';
