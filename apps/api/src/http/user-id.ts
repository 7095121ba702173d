import { readUuid } from './wire/uuid.js';

/** The path's user id in its one spelling; null when it can be nobody's id. */
export function userIdOf(text: string): string | null {
  const id = readUuid(text);
  return typeof id === 'string' ? id : null;
}
