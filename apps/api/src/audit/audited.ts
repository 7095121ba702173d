import { SetMetadata } from '@nestjs/common';

/**
 * `entry`: an entry of the trail per request, what every mutating route has by itself. `count`: counted per caller,
 * user and day, for uploads that come by the thousand. Vendors' deliveries have no caller to count: the inbox holds them,
 * and what is refused makes an entry as everywhere.
 */
export type AuditPolicy = 'entry' | 'count';

export const AUDITED = 'audit:policy';

/** How requests of this route enter the audit trail, where the method alone does not say it. */
export const Audited = (policy: AuditPolicy): MethodDecorator & ClassDecorator => SetMetadata(AUDITED, policy);
