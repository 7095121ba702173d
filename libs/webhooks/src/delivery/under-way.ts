import type { DueDelivery } from './delivery.js';

/** An attempt that takes longer no longer keeps others from starting. */
const SLOW_MS = 1000;
/** An endpoint that lets attempts hang gets no more at once, until it has answered them. */
const MOST_WHERE_SLOW = 4;

interface OfEndpoint {
  count: number;
  slow: number;
}

/** The attempts of one lane that are under way. */
export class UnderWay {
  /** All of them. */
  count = 0;
  /** Those that are not slow. */
  busy = 0;
  /** Size of their payloads. */
  bytes = 0;
  private readonly endpoints = new Map<string, OfEndpoint>();

  /** How many more this endpoint may take, of `most` at once; none rather than few, or they would come one by one. */
  roomOf(endpointId: string, most: number): number {
    const { count, slow } = this.endpoints.get(endpointId) ?? { count: 0, slow: 0 };
    const limit = slow > 0 ? Math.min(MOST_WHERE_SLOW, most) : most;
    const room = limit - count;
    return room * 2 < limit ? 0 : room;
  }

  /**
   * Counts an attempt until the function it answers is called.
   * @param onRoom called once, when others may start in its place
   */
  begin({ endpointId, data }: DueDelivery, onRoom: () => void): () => void {
    const size = data?.length ?? 0;
    const endpoint = this.endpoints.get(endpointId) ?? { count: 0, slow: 0 };
    this.endpoints.set(endpointId, endpoint);
    let isSlow = false;
    this.count++;
    this.busy++;
    this.bytes += size;
    endpoint.count++;
    const timer = setTimeout(() => {
      isSlow = true;
      endpoint.slow++;
      this.busy--;
      onRoom();
    }, SLOW_MS);
    return () => {
      clearTimeout(timer);
      this.count--;
      this.bytes -= size;
      if (--endpoint.count === 0) this.endpoints.delete(endpointId);
      if (isSlow) {
        endpoint.slow--;
        return;
      }
      this.busy--;
      onRoom();
    };
  }
}
