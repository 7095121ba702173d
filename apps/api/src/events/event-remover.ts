import { Injectable } from '@nestjs/common';
import { HealthEraser } from '#libs/ingest';
import { notFound } from '#libs/model';
import { UserFinder } from '#libs/read';

/** Deletes single events for the controllers. */
@Injectable()
export class EventRemover {
  constructor(
    private readonly users: UserFinder,
    private readonly eraser: HealthEraser,
  ) {}

  /** @throws Failure 404 with this text when the user has no event of that category and id */
  async remove(
    userId: string,
    category: 'workout' | 'sleep' | 'menstrual_cycle',
    eventId: string,
    missing: string,
  ): Promise<void> {
    const user = await this.users.find(userId);
    if (!user || !(await this.eraser.deleteEvent(user, category, eventId))) throw notFound(missing);
  }
}
