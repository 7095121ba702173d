import { Failure } from '#libs/model';

/** An upload that is no JSON. Answers 400 `JSON decode error - {parser text}`. */
export class MalformedJson extends Failure {
  constructor(
    readonly parserText: string,
    cause?: unknown,
  ) {
    super(400, `JSON decode error - ${parserText}`, { cause });
    this.name = 'MalformedJson';
  }
}

/**
 * Parses a part of a larger text that starts `offset` bytes into it.
 * @throws MalformedJson with the parser's own text, its position counted in the whole.
 */
export function parsePart(text: string, offset: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const moved = message
      .replace(/ \(line \d+ column \d+\)$/, '')
      .replace(/at position (\d+)/, (_, position: string) => `at position ${Number(position) + offset}`);
    throw new MalformedJson(moved, error);
  }
}
