/** A column of numbers as PostgreSQL prints an array, e.g. `{1,2.5}`: a fraction of the cost of as many rows. */
export const numbersOf = (list: string | null): readonly number[] =>
  list === null ? [] : (JSON.parse(`[${list.slice(1, -1)}]`) as number[]);
