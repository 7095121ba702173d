type Kind = 'provider' | 'device_type';

const TABLES = { provider: 'provider_priority', device_type: 'device_type_priority' } as const satisfies Record<
  Kind,
  string
>;

const columns = (kind: Kind): string => `${kind}, priority, id, created_at, updated_at`;

export const listPriorities = (kind: Kind): string =>
  `SELECT ${columns(kind)} FROM ${TABLES[kind]} ORDER BY priority, ${kind}`;

/**
 * Sets several at once. Rows are taken in key order, so that two callers never wait for each other in a circle.
 * Parameters: $1 keys without repetition, $2 priorities.
 */
export const setPriorities = (kind: Kind): string => `
  INSERT INTO ${TABLES[kind]} (${kind}, priority)
  SELECT * FROM unnest($1::text[], $2::integer[]) AS t (key, priority) ORDER BY key
  ON CONFLICT (${kind}) DO UPDATE SET priority = excluded.priority, updated_at = now()
  RETURNING ${columns(kind)}`;

/** A user's own order, first the one that wins. Parameters: $1 user id. */
export const LIST_USER_PRIORITIES = 'SELECT provider, device_type FROM user_priority WHERE user_id = $1 ORDER BY rank';

/** Parameters: $1 user id, $2 providers, $3 device types, in order. */
export const INSERT_USER_PRIORITIES = `
  INSERT INTO user_priority (user_id, rank, provider, device_type)
  SELECT $1, place - 1, provider, device_type
  FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS t (provider, device_type, place)`;
