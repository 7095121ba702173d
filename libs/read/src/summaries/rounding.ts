/** Rounds to an integer, exact halves to the even neighbour. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Rounds to one decimal; only x.25 and x.75 are exact ties in binary, they go to the even digit. */
export function roundTenthHalfEven(x: number): number {
  const isExactTie = Number.isInteger(x * 4) && !Number.isInteger(x * 2);
  return isExactTie ? roundHalfEven(x * 10) / 10 : Number(x.toFixed(1));
}
