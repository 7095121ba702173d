import type { Sql } from '#libs/database';
import type { IsKnownSource } from '#libs/providers/apple';

const keyOf = (source: string, deviceModel: string | null): string => JSON.stringify([source, deviceModel]);

/** The names under which the user's phone has delivered already. */
export async function knownSources(sql: Sql, userKey: number): Promise<IsKnownSource> {
  const rows = await sql.query<{ source: string; device_model: string | null }>(
    `SELECT source, device_model FROM data_source WHERE user_key = $1 AND provider = 'apple' AND source IS NOT NULL`,
    [userKey],
  );
  const known = new Set(rows.map(({ source, device_model }) => keyOf(source, device_model)));
  return (source, deviceModel) => known.has(keyOf(source, deviceModel));
}
