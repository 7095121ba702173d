import { MalformedJson } from './malformed-json.js';

export const BYTE = {
  quote: 0x22,
  plus: 0x2b,
  comma: 0x2c,
  minus: 0x2d,
  dot: 0x2e,
  zero: 0x30,
  nine: 0x39,
  colon: 0x3a,
  openList: 0x5b,
  backslash: 0x5c,
  closeList: 0x5d,
  openObject: 0x7b,
  closeObject: 0x7d,
} as const;

/** Deeper documents are refused: building them costs memory far beyond their size. */
export const MAX_DEPTH = 10_000;

/** Index = byte that may follow a backslash. */
const ESCAPES = byteTable('"\\/bfnrt');
const HEX = byteTable('0123456789abcdefABCDEF');
const BLANKS = byteTable(' \t\n\r');
const LITERALS = new Map(['true', 'false', 'null'].map((word) => [word.charCodeAt(0), Buffer.from(word)]));
const LETTER_U = 0x75;
const LOWER_CASE = 0x20;
const LETTER_E = 0x65;
const FIRST_PRINTABLE = 0x20;

function byteTable(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of Buffer.from(characters)) table[byte] = 1;
  return table;
}

/**
 * Walks over the bytes of a JSON text without building anything from them, as strictly as `JSON.parse`.
 * Every method takes the position where its thing starts and answers the position behind it.
 */
export class JsonScanner {
  private readonly nesting = new Uint8Array(MAX_DEPTH);

  constructor(readonly body: Buffer) {}

  /** @throws MalformedJson when what starts here is no value. */
  value(from: number): number {
    const { body, nesting } = this;
    let at = from;
    let depth = 0;
    for (;;) {
      const byte = body[at];
      if (byte === BYTE.openObject || byte === BYTE.openList) {
        if (depth === MAX_DEPTH) throw new MalformedJson(`Nested too deeply at position ${at}`);
        // In ASCII a closing bracket stands two places behind its opening one.
        const close = byte + 2;
        at = this.blanks(at + 1);
        if (body[at] !== close) {
          nesting[depth++] = close;
          if (byte === BYTE.openObject) at = this.key(at);
          continue;
        }
        at++;
      } else {
        at = this.scalar(at);
      }
      // A value is complete: close what ends with it, then go to the next one.
      for (;;) {
        if (depth === 0) return at;
        at = this.blanks(at);
        const close = nesting[depth - 1];
        const next = body[at];
        if (next === BYTE.comma) {
          at = this.blanks(at + 1);
          if (close === BYTE.closeObject) at = this.key(at);
          break;
        }
        if (next !== close) throw this.unexpected(at);
        depth--;
        at++;
      }
    }
  }

  blanks(from: number): number {
    const { body } = this;
    let at = from;
    while (BLANKS[body[at] ?? 0] === 1) at++;
    return at;
  }

  /** A member's key with its colon and the blanks behind it. */
  key(from: number): number {
    if (this.body[from] !== BYTE.quote) throw this.unexpected(from);
    const at = this.blanks(this.string(from));
    if (this.body[at] !== BYTE.colon) throw this.unexpected(at);
    return this.blanks(at + 1);
  }

  /** A string, from its opening quote. */
  string(from: number): number {
    const { body } = this;
    const { length } = body;
    for (let at = from + 1; at < length; at++) {
      const byte = body[at]!;
      if (byte === BYTE.quote) return at + 1;
      if (byte === BYTE.backslash) at = this.escape(at + 1);
      else if (byte < FIRST_PRINTABLE) throw this.unexpected(at);
    }
    throw this.unexpected(length);
  }

  unexpected(at: number): MalformedJson {
    if (at >= this.body.length) return new MalformedJson('Unexpected end of JSON input');
    const [character = ''] = this.body.toString('utf8', at, at + 4);
    return new MalformedJson(`Unexpected token ${JSON.stringify(character)} in JSON at position ${at}`);
  }

  /** Position of the last byte of what follows a backslash. */
  private escape(from: number): number {
    const byte = this.body[from] ?? 0;
    if (ESCAPES[byte] === 1) return from;
    if (byte !== LETTER_U) throw this.unexpected(from);
    for (let at = from + 1; at <= from + 4; at++) if (HEX[this.body[at] ?? 0] !== 1) throw this.unexpected(at);
    return from + 4;
  }

  private scalar(from: number): number {
    const byte = this.body[from] ?? 0;
    if (byte === BYTE.quote) return this.string(from);
    if (byte === BYTE.minus || isDigit(byte)) return this.number(from);
    const word = LITERALS.get(byte);
    if (!word) throw this.unexpected(from);
    for (let index = 1; index < word.length; index++) {
      if (this.body[from + index] !== word[index]) throw this.unexpected(from + index);
    }
    return from + word.length;
  }

  private number(from: number): number {
    const { body } = this;
    let at = body[from] === BYTE.minus ? from + 1 : from;
    at = body[at] === BYTE.zero ? at + 1 : this.digits(at);
    if (body[at] === BYTE.dot) at = this.digits(at + 1);
    if (((body[at] ?? 0) | LOWER_CASE) === LETTER_E) {
      const sign = body[at + 1];
      at = this.digits(sign === BYTE.plus || sign === BYTE.minus ? at + 2 : at + 1);
    }
    return at;
  }

  /** At least one digit. */
  private digits(from: number): number {
    let at = from;
    while (isDigit(this.body[at] ?? 0)) at++;
    if (at === from) throw this.unexpected(at);
    return at;
  }
}

const isDigit = (byte: number): boolean => byte >= BYTE.zero && byte <= BYTE.nine;
