import type { Type } from '@nestjs/common';
import { Shown } from './shown.js';

/** Class name and so schema name of a generic envelope, e.g. `PagedOfWorkout`. */
const named = <T extends Type<unknown>>(type: T, name: string): T =>
  Object.defineProperty(type, 'name', { value: name });

export interface Page<T> {
  items: T[];
  total: number;
  page: number;
  limit: number;
  pages: number;
  has_next: boolean;
  has_prev: boolean;
}

/** Numbered pages of `Item`. */
export function PageOf<T>(Item: Type<T>): Type<Page<T>> {
  class ItemPage implements Page<T> {
    @Shown.list(() => Item)
    items!: T[];

    @Shown.int()
    total!: number;

    @Shown.int()
    page!: number;

    @Shown.int()
    limit!: number;

    @Shown.int({ description: '0 when there is nothing' })
    pages!: number;

    @Shown.flag()
    has_next!: boolean;

    @Shown.flag()
    has_prev!: boolean;
  }
  return named(ItemPage, `PageOf${Item.name}`);
}

export class Pagination {
  @Shown.text({ nullable: true })
  next_cursor!: string | null;

  @Shown.text({ nullable: true })
  previous_cursor!: string | null;

  @Shown.flag()
  has_more!: boolean;

  @Shown.int({ nullable: true })
  total_count!: number | null;
}

export class PageMetadata {
  @Shown.text({ nullable: true })
  resolution!: string | null;

  @Shown.int({ nullable: true })
  sample_count!: number | null;

  @Shown.text({ nullable: true, description: 'The start of the range as the query gave it' })
  start_time!: string | null;

  @Shown.text({ nullable: true, description: 'The end of the range as the query gave it' })
  end_time!: string | null;
}

export interface Paged<T> {
  data: T[];
  pagination: Pagination;
  metadata: PageMetadata;
}

/** Pages of `Item` with opaque cursors. */
export function PagedOf<T>(Item: Type<T>): Type<Paged<T>> {
  class CursorPage implements Paged<T> {
    @Shown.list(() => Item)
    data!: T[];

    @Shown.object(() => Pagination)
    pagination!: Pagination;

    @Shown.object(() => PageMetadata)
    metadata!: PageMetadata;
  }
  return named(CursorPage, `PagedOf${Item.name}`);
}
