import type { JsonObject } from '#libs/model';

/** What was written in the transaction that stored the fact. */
export interface OutboxRow {
  readonly id: number;
  readonly userKey: number;
  readonly userId: string;
  readonly kind: string;
  readonly payload: JsonObject;
  readonly createdAt: string;
}

/** `points.stored`, as `libs/ingest` writes it. */
export interface StoredPoints {
  readonly provider: string;
  readonly series: string;
  readonly inserted: number;
  readonly updated: number;
  readonly streams: readonly {
    readonly id: number;
    readonly source_id: string;
    readonly is_daily_total: boolean;
    readonly from: string;
    readonly to: string;
    /** Microseconds since 1970; null: all of the stream's points in the range. */
    readonly times: readonly number[] | null;
  }[];
}

export const storedPoints = ({ payload }: OutboxRow): StoredPoints => payload as unknown as StoredPoints;
