import { Injectable } from '@nestjs/common';
import type { Sql } from '#libs/database';
import { SecretBox } from '#libs/secrets';
import { newSecret } from '../signing/sign.js';
import { SECRET_PURPOSE } from './secret-purpose.js';

/** How long the former secret signs too, so that receivers have time to change over. */
const GRACE_HOURS = 24;
/** More would make the signature header endless; the oldest ends at once. */
const MOST_VALID = 5;

/** Signing secrets of endpoints, sealed at rest. */
@Injectable()
export class EndpointSecrets {
  constructor(private readonly box: SecretBox) {}

  async add(sql: Sql, endpointId: string, secret = newSecret()): Promise<string> {
    await sql.query('INSERT INTO webhook_secret (endpoint_id, sealed) VALUES ($1, $2)', [
      endpointId,
      this.box.seal(secret, SECRET_PURPOSE),
    ]);
    return secret;
  }

  async current(sql: Sql, endpointId: string): Promise<string> {
    const [row] = await sql.query<{ sealed: string }>(
      'SELECT sealed FROM webhook_secret WHERE endpoint_id = $1 AND expires_at IS NULL',
      [endpointId],
    );
    if (!row) throw new Error('An endpoint has no secret');
    return this.box.open(row.sealed, SECRET_PURPOSE);
  }

  /** Makes `secret` the current one; the former stays valid for a day. */
  async rotate(sql: Sql, endpointId: string, secret?: string): Promise<string> {
    await sql.query(
      `UPDATE webhook_secret SET expires_at = now() + $2 * interval '1 hour'
       WHERE endpoint_id = $1 AND expires_at IS NULL`,
      [endpointId, GRACE_HOURS],
    );
    await sql.query(
      `DELETE FROM webhook_secret WHERE endpoint_id = $1 AND (expires_at < now() OR id NOT IN (
         SELECT id FROM webhook_secret WHERE endpoint_id = $1 ORDER BY id DESC LIMIT $2))`,
      [endpointId, MOST_VALID - 1],
    );
    return this.add(sql, endpointId, secret);
  }
}
