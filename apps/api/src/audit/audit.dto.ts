import {
  ACTOR_KINDS,
  OUTCOMES,
  type AccessDayView,
  type AccessQuery,
  type ActorKind,
  type AuditEntryView,
  type AuditQuery,
  type Outcome,
} from '#libs/audit';
import { formatInstant, type QueryInstant } from '#libs/model';
import { PagedOf } from '../http/page.js';
import { Shown } from '../http/shown.js';
import { WireDate, WireEnum, WireInstant, WireInt, WireString, WireUuid } from '../http/wire/wire.js';

const MAYBE = { optional: true, blankIsAbsent: true } as const;

export class AuditParameters {
  @WireEnum(ACTOR_KINDS, MAYBE)
  actorKind?: ActorKind;

  @WireString({ ...MAYBE, max: 200, description: 'Id of the developer, API key or SDK caller' })
  actorId?: string;

  @WireString({ ...MAYBE, max: 100, description: 'For example delete_user' })
  action?: string;

  @WireEnum(OUTCOMES, MAYBE)
  outcome?: Outcome;

  @WireUuid(MAYBE)
  userId?: string;

  @WireString({ ...MAYBE, max: 200 })
  objectId?: string;

  @WireInstant({ ...MAYBE, description: 'First instant of the range' })
  startTime?: QueryInstant;

  @WireInstant({ ...MAYBE, description: 'First instant after the range' })
  endTime?: QueryInstant;

  @WireInt({ min: 1, max: 1000, default: 50 })
  limit!: number;

  @WireString({ ...MAYBE, max: 100, description: 'next_cursor of the page before' })
  cursor?: string;
}

export const auditQuery = ({ startTime, endTime, ...rest }: AuditParameters): AuditQuery => ({
  ...rest,
  ...(startTime === undefined ? {} : { startTime: formatInstant(startTime.instant) }),
  ...(endTime === undefined ? {} : { endTime: formatInstant(endTime.instant) }),
});

export class AuditEntryAnswer implements AuditEntryView {
  @Shown.text()
  id!: string;

  @Shown.timestamp()
  happened_at!: string;

  @Shown.oneOf(ACTOR_KINDS)
  actor_kind!: string;

  @Shown.text({ nullable: true })
  actor_id!: string | null;

  @Shown.text({ description: 'What was done or tried' })
  action!: string;

  @Shown.oneOf(OUTCOMES)
  outcome!: string;

  @Shown.int({ nullable: true, description: 'HTTP status of the answer' })
  status!: number | null;

  @Shown.text({ nullable: true })
  method!: string | null;

  @Shown.text({ nullable: true, description: 'Template of the path' })
  route!: string | null;

  @Shown.text({ nullable: true })
  object_type!: string | null;

  @Shown.text({ nullable: true })
  object_id!: string | null;

  @Shown.uuid({ nullable: true, description: 'The person whose data it is about' })
  user_id!: string | null;

  @Shown.text({ nullable: true, description: 'Address the request came from' })
  address!: string | null;

  @Shown.text({ nullable: true })
  request_id!: string | null;

  @Shown.json({ nullable: true })
  detail!: Record<string, unknown> | null;
}

export class AuditPageAnswer extends PagedOf(AuditEntryAnswer) {}

export class DataAccessParameters implements AccessQuery {
  @WireString({ ...MAYBE, max: 200 })
  actorId?: string;

  @WireUuid(MAYBE)
  userId?: string;

  @WireDate({ ...MAYBE, description: 'First UTC day' })
  startDate?: string;

  @WireDate({ ...MAYBE, description: 'Last UTC day' })
  endDate?: string;

  @WireInt({ min: 1, max: 1000, default: 100 })
  limit!: number;
}

export class DataAccessAnswer implements AccessDayView {
  @Shown.date()
  day!: string;

  @Shown.oneOf(ACTOR_KINDS)
  actor_kind!: string;

  @Shown.text()
  actor_id!: string;

  @Shown.uuid()
  user_id!: string;

  @Shown.int({ description: 'Answered requests that read' })
  reads!: number;

  @Shown.int({ description: 'Accepted uploads' })
  writes!: number;
}
