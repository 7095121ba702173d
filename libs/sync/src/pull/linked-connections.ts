import { Injectable } from '@nestjs/common';
import { CONNECTION_COLUMNS, type CloudConnection } from '#libs/cloud';
import { Database, plannedOnce } from '#libs/database';

/** A vendor's account, as the vendor names it. */
export type AccountName = { readonly id: string } | { readonly username: string };

/** All connections to one account, first the one it is all about. */
export type AccountConnections = readonly [CloudConnection, ...CloudConnection[]];

/** Users who connected the same account of a vendor. */
@Injectable()
export class LinkedConnections {
  constructor(private readonly db: Database) {}

  /** All active connections to the account, the oldest first. */
  ofAccount(provider: string, account: AccountName): Promise<CloudConnection[]> {
    const [column, value] =
      'id' in account ? ['provider_user_id', account.id] : ['provider_username', account.username];
    return this.db.query<CloudConnection>(
      plannedOnce(`SELECT ${CONNECTION_COLUMNS} FROM connection c JOIN users u ON u.id = c.user_id
       WHERE c.provider = $1 AND c.${column} = $2 AND c.status = 'active' ORDER BY c.created_at, c.id`),
      [provider, value],
    );
  }

  /** The connection first, then the other active ones of its account, the oldest first. */
  async withLinked(connection: CloudConnection): Promise<AccountConnections> {
    if (connection.provider_user_id === null) return [connection];
    const all = await this.ofAccount(connection.provider, { id: connection.provider_user_id });
    return [connection, ...all.filter(({ id }) => id !== connection.id)];
  }
}
