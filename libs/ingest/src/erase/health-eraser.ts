import { Injectable } from '@nestjs/common';
import { Database, type UserRef } from '#libs/database';
import { retryingTransient } from '../transient-failures.js';
import { eraseEvent } from './erase-event.js';
import { eraseProvider } from './erase-provider.js';

/** What can be deleted by hand. */
export type DeletableCategory = 'workout' | 'sleep' | 'menstrual_cycle';

/** Takes health data away again. */
@Injectable()
export class HealthEraser {
  constructor(private readonly db: Database) {}

  /**
   * Deletes one event with its detail and its scores; points stay. The same record delivered again stays deleted.
   * False when the user has no event of that category and id.
   */
  deleteEvent(user: UserRef, category: DeletableCategory, id: string): Promise<boolean> {
    return retryingTransient(() => this.db.transaction((sql) => eraseEvent(sql, user, category, id)));
  }

  /**
   * Deletes everything that one provider delivered about the user: its scores, and its sources with all below them.
   * Nothing is remembered, so data delivered again is stored again.
   */
  deleteProviderData(user: UserRef, provider: string): Promise<void> {
    return retryingTransient(() => this.db.transaction((sql) => eraseProvider(sql, user, provider)));
  }
}
