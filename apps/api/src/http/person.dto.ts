import { WireEmail, WireString } from './wire/wire.js';

/** For a field that may be left out or null. */
export const MAYBE = { optional: true, nullable: true } as const;

/** What callers may say about anybody. */
export class PersonBody {
  @WireString({ ...MAYBE, max: 100 })
  firstName?: string | null;

  @WireString({ ...MAYBE, max: 100 })
  lastName?: string | null;

  @WireEmail(MAYBE)
  email?: string | null;
}
