import type { UserFields, UserFilter, UserSort } from './user.js';

/** Columns of a `UserView`; the relation `u` holds rows of users. */
const USER_VIEW = `u.id, u.created_at, u.first_name, u.last_name, u.email, u.external_user_id,
  c.last_synced_at, c.last_synced_provider, coalesce(c.has_active_connection, false) AS has_active_connection,
  u.birth_date, u.sex, u.gender`;

const CONNECTIONS_OF_USER = `LEFT JOIN LATERAL (
  SELECT max(last_synced_at) AS last_synced_at,
    (array_agg(provider ORDER BY last_synced_at DESC, provider) FILTER (WHERE last_synced_at IS NOT NULL))[1]
      AS last_synced_provider,
    bool_or(status = 'active') AS has_active_connection
  FROM connection WHERE user_id = u.id
) c ON true`;

/** Views of the users that `source` (a relation or a parenthesised query) holds. */
const viewsOf = (source: string): string => `SELECT ${USER_VIEW} FROM ${source} u ${CONNECTIONS_OF_USER}`;

export const USER_BY_ID = `${viewsOf('users')} WHERE u.id = $1`;
export const USER_BY_EXTERNAL_ID = `${viewsOf('users')} WHERE u.external_user_id = $1`;

const COLUMNS = {
  firstName: 'first_name',
  lastName: 'last_name',
  email: 'email',
  externalUserId: 'external_user_id',
  birthDate: 'birth_date',
  sex: 'sex',
  gender: 'gender',
} as const satisfies Record<keyof UserFields, string>;

/** Inserts one user; no row comes back when an email or external id is taken. Values: id, then the fields in order. */
export const INSERT_USER = `INSERT INTO users (id, ${Object.values(COLUMNS).join(', ')})
  VALUES (${['$1', ...Object.keys(COLUMNS).map((_, index) => `$${index + 2}`)].join(', ')})
  ON CONFLICT DO NOTHING RETURNING id`;

export const insertValues = (id: string, fields: UserFields): unknown[] => [
  id,
  ...(Object.keys(COLUMNS) as (keyof UserFields)[]).map((field) => fields[field] ?? null),
];

/** Sets the given fields only. Null when there is nothing to set. */
export function updateUser(id: string, fields: UserFields): { text: string; values: unknown[] } | null {
  const given = (Object.keys(COLUMNS) as (keyof UserFields)[]).filter((field) => fields[field] !== undefined);
  if (given.length === 0) return null;
  const assignments = given.map((field, index) => `${COLUMNS[field]} = $${index + 2}`);
  return {
    text: `UPDATE users SET ${assignments.join(', ')} WHERE id = $1 RETURNING id`,
    values: [id, ...given.map((field) => fields[field])],
  };
}

const LAST_SYNCED = `LEFT JOIN (
  SELECT user_id, max(last_synced_at) AS last_synced_at FROM connection GROUP BY user_id
) s ON s.user_id = users.id`;

/** One page; parameters: the filter's three, then limit and offset. Ties go by id, ascending in both directions. */
export function listUsers(sortBy: UserSort, order: 'asc' | 'desc'): string {
  const byLastSync = sortBy === 'last_synced_at';
  const sorted = (relation: string): string => `ORDER BY ${relation}.${sortBy} ${direction(sortBy, order)}`;
  const page = `SELECT users.* FROM users ${byLastSync ? LAST_SYNCED : ''} WHERE ${FILTER}
    ${sorted(byLastSync ? 's' : 'users')}, users.id LIMIT $4 OFFSET $5`;
  return `${viewsOf(`(${page})`)} ${sorted(byLastSync ? 'c' : 'u')}, u.id`;
}

/** Never synced counts as oldest; of any other column a missing value counts as largest. */
function direction(sortBy: UserSort, order: 'asc' | 'desc'): string {
  const nullsFirst = (sortBy === 'last_synced_at') === (order === 'asc');
  return `${order.toUpperCase()} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`;
}

const FILTER = `($1::text IS NULL OR users.email ILIKE $1 OR users.first_name ILIKE $1 OR users.last_name ILIKE $1)
  AND ($2::text IS NULL OR (lower(users.email) = lower($2) AND users.email = $2))
  AND ($3::text IS NULL OR users.external_user_id = $3)`;

export const COUNT_USERS = `SELECT count(*) AS total FROM users WHERE ${FILTER}`;

export const filterValues = ({ search, email, externalUserId }: UserFilter): (string | null)[] => [
  search ? `%${search.replace(/[\\%_]/g, '\\$&')}%` : null,
  email ?? null,
  externalUserId || null,
];
