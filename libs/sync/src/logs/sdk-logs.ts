import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { notFound, type JsonObject } from '#libs/model';

export interface SdkLogBatch {
  /** Null when the path named nobody. */
  readonly userId: string | null;
  readonly provider: string | null | undefined;
  readonly sdkVersion: string;
  readonly events: readonly JsonObject[];
}

const PROVIDER_CHARACTERS = 64;

/** What phones tell about themselves, for whoever has to find out why data does not come. */
@Injectable()
export class SdkLogs {
  constructor(private readonly db: Database) {}

  /** @throws Failure 404 `User not found` */
  async store({ userId, provider, sdkVersion, events }: SdkLogBatch): Promise<void> {
    const [user] = userId === null ? [] : await this.db.query('SELECT FROM users WHERE id = $1', [userId]);
    if (!user) throw notFound('User not found');
    await this.db.query(
      `INSERT INTO sdk_log_event (user_id, provider, sdk_version, event)
       SELECT u.id, $2, $3, event FROM users u, unnest($4::jsonb[]) AS e (event) WHERE u.id = $1 FOR KEY SHARE OF u`,
      [
        userId,
        (provider ?? 'unknown').toLowerCase().slice(0, PROVIDER_CHARACTERS),
        sdkVersion,
        events.map((event) => JSON.stringify(event)),
      ],
    );
  }
}
