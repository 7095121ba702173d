type Scalar = number | boolean | null;

/**
 * A PostgreSQL array of numbers or booleans as text. The driver's own conversion of an array costs several times as
 * much, which shows when a batch has thousands of rows.
 */
export function arrayText<T>(items: readonly T[], field: (item: T) => Scalar): string {
  if (items.length === 0) return '{}';
  let text = '{';
  for (const item of items) text += `${field(item) ?? 'NULL'},`;
  return `${text.slice(0, -1)}}`;
}

/** A column of nothing but nulls as an empty array: unnest fills shorter columns up with nulls. */
export function columnText<T>(items: readonly T[], field: (item: T) => Scalar): string {
  return items.every((item) => field(item) === null) ? '{}' : arrayText(items, field);
}
