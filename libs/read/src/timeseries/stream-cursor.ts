const PREFIX = '00000000-0000-4000-8000-';
const BEYOND_ALL_STREAMS = 2 ** 31;

/** A stream id dressed as a UUID, the second field of timeseries cursors; ordered like the stream ids. */
export const streamUuid = (streamId: number): string => PREFIX + streamId.toString(16).padStart(12, '0');

/** The stream id in a UUID of that dress; null for any other UUID. */
export function streamIdOf(uuid: string): number | null {
  const position = streamPosition(uuid);
  return position < 0 || position >= BEYOND_ALL_STREAMS ? null : position;
}

/** Where a UUID stands among stream ids: any valid UUID has a place, before, between or behind them. */
export function streamPosition(uuid: string): number {
  const head = uuid.slice(0, PREFIX.length);
  if (head !== PREFIX) return head < PREFIX ? -1 : BEYOND_ALL_STREAMS;
  return Math.min(parseInt(uuid.slice(PREFIX.length), 16), BEYOND_ALL_STREAMS);
}
