export const USER_SORTS = ['created_at', 'email', 'first_name', 'last_name', 'last_synced_at'] as const;
export type UserSort = (typeof USER_SORTS)[number];

export const SEXES = ['female', 'male', 'other'] as const;
export const GENDERS = ['female', 'male', 'nonbinary', 'other'] as const;

/** A user as every answer shows it; instants in wire form. */
export interface UserView {
  id: string;
  created_at: string;
  first_name: string | null;
  last_name: string | null;
  email: string | null;
  external_user_id: string | null;
  /** Newest over all connections, whatever their status. */
  last_synced_at: string | null;
  /** Provider of the newest sync. */
  last_synced_provider: string | null;
  has_active_connection: boolean;
  /** `YYYY-MM-DD` */
  birth_date: string | null;
  sex: string | null;
  gender: string | null;
}

/** What callers may say about a user. Undefined = not given, null = cleared. */
export interface UserFields {
  readonly firstName?: string | null;
  readonly lastName?: string | null;
  readonly email?: string | null;
  readonly externalUserId?: string | null;
  readonly birthDate?: string | null;
  readonly sex?: string | null;
  readonly gender?: string | null;
}

export interface UserFilter {
  /** Part of email, first or last name, in any case. */
  readonly search?: string;
  /** Exact. */
  readonly email?: string;
  /** Exact. */
  readonly externalUserId?: string;
}

export interface UserListQuery extends UserFilter {
  /** From 1. */
  readonly page: number;
  readonly limit: number;
  readonly sortBy: UserSort;
  readonly sortOrder: 'asc' | 'desc';
}

export interface UserPage {
  items: UserView[];
  total: number;
  page: number;
  limit: number;
  pages: number;
  has_next: boolean;
  has_prev: boolean;
}
