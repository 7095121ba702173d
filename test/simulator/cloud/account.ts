import { uuidOf } from '../people/chance.js';
import type { Life } from '../people/life.js';

/** One person at one vendor. */
export class Account {
  private readonly keys = new Map<string, string>();

  constructor(
    readonly number: number,
    /** As the vendor names the person. */
    readonly id: string,
    readonly life: Life,
    /** Keeps the ids of different vendors apart. */
    private readonly space: string,
  ) {}

  /** The vendor's id of the thing with this key. */
  idOf(key: string, make: (...names: string[]) => string = uuidOf): string {
    const id = make(this.space, this.id, key);
    this.keys.set(id, key);
    return id;
  }

  /** The key behind an id that was given out; an unknown one gives none. */
  keyOf(id: string): string {
    return this.keys.get(id) ?? '';
  }
}
