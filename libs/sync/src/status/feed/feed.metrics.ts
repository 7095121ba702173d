import { counter, gauge } from '#libs/observability';

/** Live streams of sync events, for /metrics. */
export const feedMetrics = {
  sentEvents: counter({
    name: 'sync_stream_events_total',
    help: 'Events sent to open streams, replayed ones included',
  }),
  endedStreams: counter({
    name: 'sync_streams_ended_total',
    help: 'Streams that this side ended, by reason',
    labels: ['reason'],
  }),
};

/** Shows the open streams of this process. */
export function observeFollowers(count: () => number): void {
  gauge({
    name: 'sync_streams_open',
    help: 'Open streams of sync events',
    collect: (open) => open.set(count()),
  });
}
