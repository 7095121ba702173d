import { describe, expect, it } from '@jest/globals';
import { Failure, parseIsoInstant } from '#libs/model';
import { decodeCursor, encodeCursor, parseKeysetCursor } from './cursor.js';

const ID = '3f1c2d4e-0000-4000-8000-000000000001';
const encoded = (text: string): string =>
  Buffer.from(text, 'latin1')
    .toString('base64url')
    .padEnd(Math.ceil(text.length / 3) * 4, '=');

describe('cursor text', () => {
  it.each([
    [
      ['2026-03-04T05:06:07+00:00', ID],
      'MjAyNi0wMy0wNFQwNTowNjowNyswMDowMHwzZjFjMmQ0ZS0wMDAwLTQwMDAtODAwMC0wMDAwMDAwMDAwMDE=',
    ],
    [
      ['2031-05-02T06:07:08.000120+00:00', '3f1c2d1e-0a4b-4f6e-9a55-3b1d7c2e9f10'],
      'MjAzMS0wNS0wMlQwNjowNzowOC4wMDAxMjArMDA6MDB8M2YxYzJkMWUtMGE0Yi00ZjZlLTlhNTUtM2IxZDdjMmU5ZjEw',
    ],
    [['2026-03-04', 'garmin', ''], 'MjAyNi0wMy0wNHxnYXJtaW58'],
    [['2031-05-02', 'garmin', 'Forerunner 255'], 'MjAzMS0wNS0wMnxnYXJtaW58Rm9yZXJ1bm5lciAyNTU='],
  ])('writes %j as documented', (fields, text) => {
    expect(encodeCursor(fields, false)).toBe(text);
    expect(encodeCursor(fields, true)).toBe(`prev_${text}`);
    expect(decodeCursor(text, fields.length)).toEqual({ fields, isBackward: false });
    expect(decodeCursor(`prev_${text}`, fields.length)).toEqual({ fields, isBackward: true });
  });

  it('keeps text beyond ASCII', () => {
    expect(decodeCursor(encodeCursor(['Grüße 🏃', '日'], false), 2).fields).toEqual(['Grüße 🏃', '日']);
  });
});

describe('keyset cursor', () => {
  const parsed = (text: string) => parseKeysetCursor(encodeCursor(text.split('|'), false));

  it.each([null, undefined, ''])('takes %j as none', (text) => expect(parseKeysetCursor(text)).toBeNull());

  it.each([
    ['2026-03-04T05:06:07.000120+00:00', '2026-03-04T05:06:07.000120Z'],
    ['2026-03-04T05:06:07.000121+00:00', '2026-03-04T05:06:07.000121Z'],
    ['2026-03-04T07:06:07+02:00', '2026-03-04T05:06:07Z'],
    ['1772600767', '2026-03-04T05:06:07Z'],
    ['1772600767.00012', '2026-03-04T05:06:07.000120Z'],
    ['-0.5', '1969-12-31T23:59:59.500000Z'],
    ['0', '1970-01-01T00:00:00Z'],
  ])('reads the instant %s', (text, instant) => {
    expect(parsed(`${text}|${ID}`)).toEqual({ at: parseIsoInstant(instant), id: ID, isBackward: false });
  });

  it.each([
    ['3F1C2D4E-0000-4000-8000-000000000001'],
    ['3f1c2d4e000040008000000000000001'],
    ['{3f1c2d4e-0000-4000-8000-000000000001}'],
    ['urn:uuid:3f1c2d4e-0000-4000-8000-000000000001'],
  ])('reads the id %s', (text) => expect(parsed(`0|${text}`)?.id).toBe(ID));

  const FORGED: [string, string][] = [
    ['not base64', '!!!!'],
    ['standard alphabet', 'ab+/'],
    ['missing padding', 'MjAyNi0wMy0wNHxnYXJtaW5'],
    ['only padding', '===='],
    ['blanks', '    '],
    ['bytes that are no text', encoded('\xff\xfe|\xff')],
    ['one field', encoded('2026-03-04T05:06:07+00:00')],
    ['three fields', encoded(`2026-03-04T05:06:07+00:00|${ID}|x`)],
    ['no fields', encoded('|')],
    ['bad date', encoded(`2026-13-04T05:06:07+00:00|${ID}`)],
    ['words for a date', encoded(`now|${ID}`)],
    ['infinity', encoded(`inf|${ID}`)],
    ['an instant beyond all calendars', encoded(`${'9'.repeat(400)}|${ID}`)],
    ['bad uuid', encoded('2026-03-04T05:06:07+00:00|12')],
    ['SQL', encoded("2026-03-04T05:06:07+00:00|' OR 1=1 --")],
    ['the prefix alone', 'prev_'],
  ];
  it.each(FORGED)('refuses %s with 400', (_, text) => {
    const failure = failureOf(() => parseKeysetCursor(text));
    expect([failure.status, failure.detail]).toEqual([
      400,
      `Invalid cursor format: '${text}'. Expected 'timestamp|id'.`,
    ]);
  });

  it('quotes the prefix only when the base64 itself is good', () => {
    expect(failureOf(() => parseKeysetCursor('prev_!')).detail).toContain("format: '!'.");
    const good = encodeCursor(['x', 'y'], true);
    expect(failureOf(() => parseKeysetCursor(good)).detail).toContain(`format: '${good}'.`);
  });
});

function failureOf(work: () => unknown): Failure {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
