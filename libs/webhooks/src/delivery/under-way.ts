import type { DueDelivery } from './delivery.js';

/** An attempt that takes longer no longer keeps others from starting. */
export const SLOW_MS = 1000;

/** Attempts that are under way. */
export class UnderWay {
  /** All of them. */
  count = 0;
  /** Those that are not slow. */
  busy = 0;
  /** Size of their payloads. */
  bytes = 0;
  private readonly endpoints = new Map<string, number>();

  /** How many more this endpoint may take, of `most` at once; none rather than few, or they would come one by one. */
  roomOf(endpointId: string, most: number): number {
    const room = most - (this.endpoints.get(endpointId) ?? 0);
    return room * 2 < most ? 0 : room;
  }

  /**
   * Counts an attempt until the function it answers is called.
   * @param onRoom called when others may start in its place
   */
  begin({ endpointId, data }: DueDelivery, onRoom: () => void): () => void {
    const size = data?.length ?? 0;
    let isSlow = false;
    this.count++;
    this.busy++;
    this.bytes += size;
    this.endpoints.set(endpointId, (this.endpoints.get(endpointId) ?? 0) + 1);
    const timer = setTimeout(() => {
      isSlow = true;
      this.busy--;
      onRoom();
    }, SLOW_MS);
    return () => {
      clearTimeout(timer);
      this.count--;
      if (!isSlow) this.busy--;
      this.bytes -= size;
      const left = this.endpoints.get(endpointId)! - 1;
      if (left === 0) this.endpoints.delete(endpointId);
      else this.endpoints.set(endpointId, left);
      onRoom();
    };
  }
}
