import { UnreadableExport } from '#libs/providers/apple';

/** Exports shrink to a twentieth or a fiftieth; a bomb to a thousandth. */
const MOST_RATIO = 250;
/** Small files may be as dense as they like. */
const RATIO_FROM_BYTES = 16 * 1024 * 1024;

/** What unpacking one archive may cost in all. */
export class UnpackBudget {
  private spentBytes = 0;

  constructor(private readonly maxBytes: number) {}

  /** One more file of that size, packed and unpacked. @throws UnreadableExport when that is too much */
  check(unpackedBytes: number, packedBytes: number): void {
    const isBomb = unpackedBytes > RATIO_FROM_BYTES && unpackedBytes > packedBytes * MOST_RATIO;
    if (isBomb || this.spentBytes + unpackedBytes > this.maxBytes) {
      throw new UnreadableExport(`The archive unpacks to too much: ${unpackedBytes} bytes`);
    }
  }

  spend(unpackedBytes: number): void {
    this.spentBytes += unpackedBytes;
  }
}
