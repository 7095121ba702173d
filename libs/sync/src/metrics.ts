import type { WriteReport } from '#libs/model';
import { counter, histogram } from '#libs/observability';
import { STORED_KINDS } from './digest/upload-progress.js';

/** What came in and what became of it, for /metrics. */
export const syncMetrics = {
  acceptedUploads: counter({
    name: 'sdk_uploads_accepted_total',
    help: 'Uploads that were stored and answered with 202',
    labels: ['provider'],
  }),
  acceptedBytes: counter({ name: 'sdk_upload_bytes_total', help: 'Bytes of accepted uploads after decompression' }),
  refusedUploads: counter({
    name: 'sdk_uploads_refused_total',
    help: 'Uploads that were refused, by HTTP status',
    labels: ['status'],
  }),
  digestedUploads: counter({
    name: 'inbox_uploads_finished_total',
    help: 'Uploads that were digested, by how they ended',
    labels: ['state'],
  }),
  storedRows: counter({
    name: 'inbox_rows_total',
    help: 'Rows made from uploads, by kind and by what storing them did',
    labels: ['kind', 'outcome'],
  }),
  droppedItems: counter({ name: 'inbox_items_dropped_total', help: 'Items of uploads that could not be stored' }),
  digestSeconds: histogram({
    name: 'inbox_digest_seconds',
    help: 'Time to digest one upload',
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  }),
  waitSeconds: histogram({
    name: 'inbox_wait_seconds',
    help: 'Time from accepting an upload to the start of its digestion',
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800],
  }),
  /** Uploads that had to be found by the sweep because nobody asked for their digestion. */
  sweptUsers: counter({ name: 'inbox_swept_total', help: 'Users whose uploads the sweep found waiting' }),
};

/** Counts what one written part did. */
export function countStored(report: WriteReport): void {
  for (const kind of STORED_KINDS) {
    for (const [outcome, rows] of Object.entries<number>({ ...report[kind] })) {
      if (rows > 0) syncMetrics.storedRows.inc({ kind, outcome }, rows);
    }
  }
}
