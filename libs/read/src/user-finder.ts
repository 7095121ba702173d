import { Injectable } from '@nestjs/common';
import { Database, type UserRef } from '#libs/database';

/** From the wire's user id to the key that every health table carries. */
@Injectable()
export class UserFinder {
  constructor(private readonly db: Database) {}

  /** Null when there is no such user. */
  async find(userId: string): Promise<UserRef | null> {
    const [user] = await this.db.prepared<{ id: string; key: number }>('SELECT id, key FROM users WHERE id = $1', [
      userId,
    ]);
    return user ?? null;
  }
}
