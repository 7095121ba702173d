import { parseSdkInstant, type Instant } from '#libs/model';
import { MESSAGE } from './sdk-messages.js';

/** The first field of an item that does not fit. `path` is null when the item itself is no object. */
export interface Flaw {
  readonly path: string | null;
  readonly message: string;
}

type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const NUMBER_TEXT = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;

/** A JSON number or a text that is one; null for anything else. May be infinite where the text is too large. */
export function readNumber(value: unknown): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && NUMBER_TEXT.test(value) ? Number(value) : null;
}

/** Reads the fields of one untrusted item and remembers the first that does not fit; the rest is then of no use. */
export class FieldReader {
  private constructor(
    private readonly fields: Fields,
    public flaw: Flaw | null,
  ) {}

  static of(item: unknown): FieldReader {
    return isFields(item) ? new FieldReader(item, null) : new FieldReader({}, { path: null, message: MESSAGE.item });
  }

  raw(key: string): unknown {
    return this.fields[key];
  }

  blame(path: string, message: string): void {
    this.flaw ??= { path, message };
  }

  optionalText(key: string): string | null {
    const value = this.fields[key];
    if (value === undefined || value === null) return null;
    if (typeof value === 'string') return value;
    this.blame(key, MESSAGE.text);
    return null;
  }

  text(key: string): string {
    const value = this.fields[key];
    if (typeof value === 'string') return value;
    this.blame(key, value === undefined ? MESSAGE.required : MESSAGE.text);
    return '';
  }

  instant(key: string): Instant {
    const value = this.fields[key];
    const instant = parseSdkInstant(value);
    if (instant !== null) return instant;
    this.blame(key, value === undefined ? MESSAGE.required : MESSAGE.instant);
    return 0;
  }

  number(key: string): number {
    const value = this.fields[key];
    const number = readNumber(value);
    if (number !== null) return number;
    this.blame(key, value === undefined ? MESSAGE.required : MESSAGE.number);
    return 0;
  }

  /** A list of objects, or null. */
  objects(key: string): readonly Fields[] | null {
    const value = this.fields[key];
    if (value === undefined || value === null) return null;
    if (!Array.isArray(value)) {
      this.blame(key, MESSAGE.list);
      return null;
    }
    const wrong = value.findIndex((item) => !isFields(item));
    if (wrong >= 0) this.blame(`${key}.${wrong}`, MESSAGE.object);
    return value as readonly Fields[];
  }

  /** Free facts: an object, a list of objects, or null. They are checked and not used. */
  metadata(): void {
    const value = this.fields['metadata'];
    if (value === undefined || value === null || isFields(value)) return;
    this.objects('metadata');
  }
}
