import type { PlacedEvent, ReadUntil } from './feed.repository.js';
import type { Follower } from './follower.js';

/** The open streams of this process by user, and whose events have to be looked up. */
export class Followers {
  private readonly byUser = new Map<number, Set<Follower>>();
  private readonly stirred = new Set<number>();
  count = 0;

  add(follower: Follower): void {
    const mates = this.byUser.get(follower.userKey) ?? new Set();
    this.byUser.set(follower.userKey, mates.add(follower));
    this.count++;
  }

  /** @returns false when it was gone already */
  remove(follower: Follower): boolean {
    const mates = this.byUser.get(follower.userKey);
    if (!mates?.delete(follower)) return false;
    if (mates.size === 0) this.byUser.delete(follower.userKey);
    this.count--;
    return true;
  }

  all(): Follower[] {
    return [...this.byUser.values()].flatMap((mates) => [...mates]);
  }

  /** Something may have happened to this user. */
  stir(userKey: number): void {
    if (this.byUser.has(userKey)) this.stirred.add(userKey);
  }

  stirAll(): void {
    for (const userKey of this.byUser.keys()) this.stirred.add(userKey);
  }

  get isAnybodyStirred(): boolean {
    return this.stirred.size > 0;
  }

  /** Takes up to `limit` stirred users with what the follower furthest behind wants. */
  takeStirred(limit: number): ReadUntil[] {
    const users = [...this.stirred].slice(0, limit);
    for (const userKey of users) this.stirred.delete(userKey);
    return users.flatMap((userKey) => {
      const wants = [...(this.byUser.get(userKey) ?? [])].flatMap((follower) => follower.wants ?? []);
      if (wants.length === 0) return [];
      return [{ userKey, position: Math.min(...wants.map(({ position }) => position)) }];
    });
  }

  /** Hands what was read for one user to all who want it. @returns how many events were sent */
  deliver({ userKey, position }: ReadUntil, events: readonly PlacedEvent[], nowMs: number): number {
    let sent = 0;
    for (const follower of this.byUser.get(userKey) ?? []) sent += follower.take(events, position, nowMs);
    return sent;
  }
}
