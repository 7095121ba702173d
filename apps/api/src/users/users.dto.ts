import {
  type ErasureView,
  GENDERS,
  SEXES,
  USER_SORTS,
  type UserFields,
  type UserListQuery,
  type UserSort,
  type UserView,
} from '#libs/accounts';
import { PageOf } from '../http/page.js';
import { MAYBE, PersonBody } from '../http/person.dto.js';
import { Shown } from '../http/shown.js';
import { WireDate, WireEmail, WireEnum, WireInt, WireString } from '../http/wire/wire.js';

export class UserAnswer implements UserView {
  @Shown.uuid()
  id!: string;

  @Shown.timestamp()
  created_at!: string;

  @Shown.text({ nullable: true })
  first_name!: string | null;

  @Shown.text({ nullable: true })
  last_name!: string | null;

  @Shown.text({ nullable: true })
  email!: string | null;

  @Shown.text({ nullable: true, description: "The integrator's own id of the user" })
  external_user_id!: string | null;

  @Shown.timestamp({ nullable: true, description: 'Newest sync over all connections' })
  last_synced_at!: string | null;

  @Shown.text({ nullable: true, description: 'Provider of the newest sync' })
  last_synced_provider!: string | null;

  @Shown.flag()
  has_active_connection!: boolean;

  @Shown.date({ nullable: true })
  birth_date!: string | null;

  @Shown.text({ nullable: true })
  sex!: string | null;

  @Shown.text({ nullable: true })
  gender!: string | null;
}

export class UserPageAnswer extends PageOf(UserAnswer) {}

export class ErasureAnswer implements ErasureView {
  @Shown.uuid()
  id!: string;

  @Shown.uuid()
  user_id!: string;

  @Shown.oneOf(['erasing', 'done'])
  state!: 'erasing' | 'done';

  @Shown.timestamp()
  requested_at!: string;

  @Shown.timestamp({ nullable: true })
  finished_at!: string | null;

  @Shown.mapOf('integer', { description: 'Deleted rows by table, so far' })
  deleted!: Record<string, number>;

  @Shown.int({ description: 'Deleted stored objects, so far' })
  deleted_files!: number;
}

/** What callers may say about a user; unset = null. */
export class UserBody extends PersonBody implements UserFields {
  @WireString({ ...MAYBE, max: 255, description: 'Creating with a known one answers the existing user' })
  externalUserId?: string | null;

  @WireDate(MAYBE)
  birthDate?: string | null;

  @WireEnum(SEXES, MAYBE)
  sex?: string | null;

  @WireEnum(GENDERS, MAYBE)
  gender?: string | null;
}

export class UserListParameters implements UserListQuery {
  @WireInt({ min: 1, default: 1 })
  page!: number;

  @WireInt({ min: 1, max: 100, default: 20 })
  limit!: number;

  @WireEnum(USER_SORTS, { default: 'created_at' })
  sortBy!: UserSort;

  @WireEnum(['asc', 'desc'], { default: 'desc' })
  sortOrder!: 'asc' | 'desc';

  @WireString({ optional: true, blankIsAbsent: true, description: 'Part of email, first or last name' })
  search?: string;

  @WireEmail({ optional: true })
  email?: string;

  @WireString({ optional: true, blankIsAbsent: true })
  externalUserId?: string;
}
