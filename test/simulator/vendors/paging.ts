/** One page of a list that only grows at its end, and the token of the next; null at the end. */
export function pageOf<T>(list: readonly T[], size: number, token: string | null): { page: T[]; next: string | null } {
  const from = token === null ? 0 : Number(Buffer.from(token, 'base64url').toString());
  const to = from + size;
  return {
    page: list.slice(from, to),
    next: to < list.length ? Buffer.from(String(to)).toString('base64url') : null,
  };
}

/** The span between two instants of a query; what is missing is open. */
export function spanOf(
  query: URLSearchParams,
  start: string,
  end: string,
  nowMs: number,
): { fromMs: number; toMs: number } {
  const read = (name: string, fallback: number): number => {
    const ms = Date.parse(query.get(name) ?? '');
    return Number.isNaN(ms) ? fallback : ms;
  };
  return { fromMs: read(start, nowMs - 30 * 24 * 3_600_000), toMs: read(end, nowMs) };
}
