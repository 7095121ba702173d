import type { Sql } from '#libs/database';

/** How the secrets look that we make: API keys, refresh tokens, secrets of applications and webhooks, access tokens. */
const OURS = [
  'sk-[0-9a-f]{32}',
  'rt-[0-9a-f]{32}',
  'secret_[0-9a-f]{64}',
  'whsec_[A-Za-z0-9+/]{20}',
  'eyJ[A-Za-z0-9_-]{10,}\\.eyJ',
].join('|');

/** Tables of every schema in which a secret of ours can be read. */
export async function readableSecrets(db: Sql): Promise<string[]> {
  const tables = await db.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const looks = tables.map(
    ({ name }) => `SELECT '${name}' AS name WHERE EXISTS (SELECT FROM ${name} t WHERE t::text ~ $1)`,
  );
  const found = await db.query<{ name: string }>(looks.join(' UNION ALL '), [OURS]);
  return found.map(({ name }) => name);
}
