/** How many deliveries each endpoint may take. */
export interface Shares {
  readonly rooms: ReadonlyMap<string, number>;
  /** Some endpoint may have more due than it may take. */
  readonly isTight: boolean;
  /** The last endpoint that got a share when there was none for those after it; else null. */
  readonly last: string | null;
}

/** Shares `room` evenly among endpoints in their order, at least one each for as long as it lasts. */
export function shareRoom(endpoints: readonly string[], room: number, roomOf: (id: string) => number): Shares {
  const free = endpoints.filter((id) => roomOf(id) > 0);
  const served = free.slice(0, room);
  const even = Math.floor(room / Math.max(1, served.length));
  const rooms = new Map(served.map((id) => [id, Math.min(even, roomOf(id))]));
  const isCut = served.length < free.length;
  return { rooms, isTight: free.length < endpoints.length, last: isCut ? served.at(-1)! : null };
}
