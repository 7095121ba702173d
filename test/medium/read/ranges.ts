import { parseQueryInstant } from '#libs/model';
import type { Paged, QueryRange } from '#libs/read';

export const rangeOf = (start: string, end: string): QueryRange => ({
  start: parseQueryInstant(start)!,
  end: parseQueryInstant(end)!,
});

/** All pages from the first one forward, following `next_cursor`. */
export async function pagesForward<T>(page: (cursor: string | null) => Promise<Paged<T>>): Promise<Paged<T>[]> {
  const pages = [await page(null)];
  for (let cursor = pages[0]!.pagination.next_cursor; cursor; cursor = pages.at(-1)!.pagination.next_cursor) {
    pages.push(await page(cursor));
    if (pages.length > 10_000) throw new Error('paging never ends');
  }
  return pages;
}

/** All pages before a cursor, following `previous_cursor`, in the order of the list. */
export async function pagesBackward<T>(
  page: (cursor: string | null) => Promise<Paged<T>>,
  from: string,
): Promise<Paged<T>[]> {
  const pages = [await page(from)];
  for (let cursor = pages[0]!.pagination.previous_cursor; cursor; cursor = pages[0]!.pagination.previous_cursor) {
    pages.unshift(await page(cursor));
    if (pages.length > 10_000) throw new Error('paging never ends');
  }
  return pages;
}

export const itemsOf = <T>(pages: readonly Paged<T>[]): T[] => pages.flatMap((page) => page.data);
