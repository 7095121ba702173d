import { notFound } from '#libs/model';

/** What was looked for, or a 404 with this text when there is none. */
export function found<T>(value: T | null | undefined, detail: string): T {
  if (value === null || value === undefined) throw notFound(detail);
  return value;
}
