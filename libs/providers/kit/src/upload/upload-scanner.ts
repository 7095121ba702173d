import { BYTE, JsonScanner } from './json-scanner.js';
import { parsePart } from './malformed-json.js';

/** The collections of an SDK upload: arrays below its `data` member. */
export const SDK_COLLECTIONS = ['records', 'sleep', 'workouts'] as const;
export type SdkCollection = (typeof SDK_COLLECTIONS)[number];

/** A run of elements of one array, as bytes `start` up to `end`, without the commas around it. */
export interface Slice {
  readonly collection: SdkCollection;
  /** Counts the arrays of the document, because a repeated key replaces an earlier array. */
  readonly array: number;
  readonly startIndex: number;
  readonly count: number;
  readonly start: number;
  readonly end: number;
}

export interface SliceLimits {
  readonly maxItems: number;
  readonly maxBytes: number;
}

export interface ScannedUpload {
  /** The document with its collections emptied. */
  readonly envelope: unknown;
  /** Number of the array that counts, by collection: the last one, as with any repeated key. */
  readonly live: ReadonlyMap<SdkCollection, number>;
}

/**
 * One pass over the bytes of an upload, as strict as `JSON.parse`. Yields runs of array elements as they are found and
 * returns the rest.
 * @throws MalformedJson where the document stops being JSON.
 */
export function scanUpload(body: Buffer, limits: SliceLimits): Generator<Slice, ScannedUpload> {
  return new UploadScanner(body, limits).scan();
}

class UploadScanner {
  private readonly json: JsonScanner;
  private position = 0;
  private arrays = 0;
  /** Where the part of the skeleton that is not yet in `pieces` begins. */
  private kept = 0;
  private readonly pieces: string[] = [];
  private readonly live = new Map<SdkCollection, number>();

  constructor(
    private readonly body: Buffer,
    private readonly limits: SliceLimits,
  ) {
    this.json = new JsonScanner(body);
  }

  *scan(): Generator<Slice, ScannedUpload> {
    this.position = this.json.blanks(0);
    if (this.at(BYTE.openObject)) yield* this.members((key) => this.topMember(key));
    else this.position = this.json.value(this.position);
    this.position = this.json.blanks(this.position);
    if (this.position < this.body.length) throw this.json.unexpected(this.position);
    this.pieces.push(this.body.toString('utf8', this.kept));
    return { envelope: parsePart(this.pieces.join(''), 0), live: this.live };
  }

  private at(byte: number): boolean {
    return this.body[this.position] === byte;
  }

  /** Walks the members of the object here. `open` answers how to walk a member's value, null for a plain one. */
  private *members(open: (key: string) => Generator<Slice, void> | null): Generator<Slice, void> {
    if (this.hasFirst(BYTE.closeObject)) {
      do {
        const nested = open(this.key());
        if (nested) yield* nested;
        else this.position = this.json.value(this.position);
      } while (this.hasNext(BYTE.closeObject));
    }
    this.position++;
  }

  /** From the opening bracket to the first thing inside, or to the closing bracket when there is none. */
  private hasFirst(close: number): boolean {
    this.position = this.json.blanks(this.position + 1);
    return !this.at(close);
  }

  /** From the end of a value to the next one, or to the closing bracket when there is none. */
  private hasNext(close: number): boolean {
    this.position = this.json.blanks(this.position);
    if (this.at(close)) return false;
    if (!this.at(BYTE.comma)) throw this.json.unexpected(this.position);
    this.position = this.json.blanks(this.position + 1);
    return true;
  }

  private key(): string {
    const start = this.position;
    this.position = this.json.key(start);
    const text = this.body.toString('utf8', start, this.json.string(start));
    return text.includes('\\') ? String(parsePart(text, start)) : text.slice(1, -1);
  }

  private topMember(key: string): Generator<Slice, void> | null {
    if (key !== 'data') return null;
    this.live.clear();
    return this.at(BYTE.openObject) ? this.members((name) => this.dataMember(name)) : null;
  }

  private dataMember(key: string): Generator<Slice, void> | null {
    const collection = SDK_COLLECTIONS.find((name) => name === key);
    if (!collection) return null;
    this.live.delete(collection);
    if (!this.at(BYTE.openList)) return null;
    this.live.set(collection, ++this.arrays);
    return this.elements(collection, this.arrays);
  }

  /** Cuts the array here into slices and leaves its interior out of the skeleton. */
  private *elements(collection: SdkCollection, array: number): Generator<Slice, void> {
    this.pieces.push(this.body.toString('utf8', this.kept, this.position + 1));
    if (this.hasFirst(BYTE.closeList)) {
      let startIndex = 0;
      do {
        const start = this.position;
        const count = this.cut(start);
        yield { collection, array, startIndex, count, start, end: this.position };
        startIndex += count;
      } while (this.hasNext(BYTE.closeList));
    }
    this.kept = this.position++;
  }

  /** Walks over the elements of one slice and answers how many they are. */
  private cut(start: number): number {
    const { maxItems, maxBytes } = this.limits;
    let count = 1;
    this.position = this.json.value(start);
    while (count < maxItems && this.position - start < maxBytes) {
      const behind = this.json.blanks(this.position);
      if (this.body[behind] !== BYTE.comma) break;
      this.position = this.json.value(this.json.blanks(behind + 1));
      count++;
    }
    return count;
  }
}
