import type { Sql, UserRef } from '#libs/database';
import type { PersonalFacts } from '#libs/providers/apple';

/** What the file says of the person goes where nothing is known yet. */
export async function fillPersonalRecord(sql: Sql, user: UserRef, { birthDate, sex }: PersonalFacts): Promise<void> {
  await sql.query(
    `UPDATE users SET birth_date = coalesce(birth_date, $2::date), sex = coalesce(sex, $3::text)
     WHERE key = $1 AND ((birth_date IS NULL AND $2::date IS NOT NULL) OR (sex IS NULL AND $3::text IS NOT NULL))`,
    [user.key, birthDate, sex],
  );
}
