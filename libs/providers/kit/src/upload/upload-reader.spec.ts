import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_DEPTH } from './json-scanner.js';
import { MalformedJson } from './malformed-json.js';
import { checkUpload } from './upload-check.js';
import { readUpload, type SdkUploadChunk, type UploadReader } from './upload-reader.js';
import { SDK_COLLECTIONS, type SliceLimits } from './upload-scanner.js';

type Plain = Record<string, unknown>;

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const TINY: SliceLimits = { maxItems: 2, maxBytes: 12 };

/** The whole document, put together again from envelope and chunks. */
function reassemble(text: string | Buffer, limits = TINY): unknown {
  const reader = readUpload(Buffer.from(text as string), limits);
  const lists: Record<string, unknown[]> = { records: [], sleep: [], workouts: [] };
  let chunks = 0;
  for (const chunk of checkedChunks(reader)) {
    const list = lists[chunk.collection]!;
    if (chunk.startIndex !== list.length || chunk.items.length > limits.maxItems) throw new Error('wrong chunk');
    list.push(...chunk.items);
    chunks++;
  }
  if (chunks !== reader.chunkCount) throw new Error('wrong number of chunks');
  const data = isPlain(reader.envelope) ? reader.envelope['data'] : undefined;
  for (const name of SDK_COLLECTIONS) {
    const list = lists[name]!;
    if (reader.counts[name] !== list.length) throw new Error('wrong count');
    if (isPlain(data) && Array.isArray(data[name])) data[name] = list;
    else if (list.length > 0) throw new Error('items of no list');
  }
  return reader.envelope;
}

/** What the scanner let pass must need no second look: `checkUpload` takes none. */
function checkedChunks(reader: UploadReader): SdkUploadChunk[] {
  try {
    return [...reader.chunks()];
  } catch (error) {
    throw new Error('the scanner let pass what is no JSON', { cause: error });
  }
}

function parsed(text: string): { value: unknown } | 'refused' {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return 'refused';
  }
}

function read(text: string, limits?: SliceLimits): { value: unknown } | 'refused' {
  try {
    return { value: reassemble(text, limits) };
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedJson);
    return 'refused';
  }
}

const withRecords = (list: string): string => `{"provider":"apple","data":{"records":${list},"sleep":[]}}`;

describe('readUpload against JSON.parse', () => {
  it.each([
    ['no body', ''],
    ['blanks only', ' \n'],
    ['a byte order mark', '\ufeff{}'],
    ['no object', '[1,2]'],
    ['a scalar', '42'],
    ['an empty object', ' { } '],
    ['no data', '{"provider":"apple"}'],
    ['data null', '{"data":null}'],
    ['data twice, the last wins', '{"data":{"records":[1,2,3]},"data":{"sleep":[4]}}'],
    ['data twice, then null', '{"data":{"records":[1]},"data":null}'],
    ['records twice', '{"data":{"records":[1,2],"records":[3]}}'],
    ['records twice, then null', '{"data":{"records":[1],"records":null}}'],
    ['records twice, the first an object', '{"data":{"records":{"a":[1]},"records":[1]}}'],
    ['a malformed list that is replaced', '{"data":{"records":[1,],"records":[3]}}'],
    ['escaped keys', '{"d\\u0061ta":{"r\\u0065cords":[1,{"a":"\\u00e9\\n\\""}]}}'],
    ['a malformed escape in a key', '{"\\u00zz":1}'],
    ['records elsewhere', '{"records":[1],"data":{"x":{"records":[2]},"records":[3]}}'],
    ['proto keys', '{"__proto__":{"data":1},"data":{"__proto__":[1],"records":[{"__proto__":5}]}}'],
    ['brackets and quotes in strings', withRecords('["]", "}", ",", "\\"]", {"a]":"{["}]')],
    ['blanks everywhere', ' {\t"data" :\r\n{ "records" : [ 1 , 2 ,\n3 ] , "sleep" : [ ] } } \n'],
    ['an empty list', withRecords('[ ]')],
    ['a trailing comma', withRecords('[1,2,3,]')],
    ['a leading comma', withRecords('[,1]')],
    ['a comma alone', withRecords('[,]')],
    ['two commas', withRecords('[1,,2]')],
    ['a missing comma', withRecords('[1 2]')],
    ['a wrong bracket', withRecords('[{"a":1]]')],
    ['a list closed as object', withRecords('[1,2}')],
    ['trailing garbage', `${withRecords('[1]')}x`],
    ['a second document', `${withRecords('[1]')}{}`],
    ['a trailing comma of members', '{"data":{"records":[1],},"a":1}'],
    ['a key without quotes', '{data:{}}'],
    ['a missing colon', '{"data" {}}'],
    ['single quotes', "{'data':1}"],
    ['numbers', withRecords('[0,-0,1.5e+10,1E400,-1e-5,12345678901234567890]')],
    ['a leading zero', withRecords('[01]')],
    ['a bare minus', withRecords('[-]')],
    ['a bare point', withRecords('[1.]')],
    ['a plus sign', withRecords('[+1]')],
    ['an empty exponent', withRecords('[1e]')],
    ['NaN', withRecords('[NaN]')],
    ['a cut literal', withRecords('[tru]')],
    ['a long literal', withRecords('[nulll]')],
    ['an upper-case literal', withRecords('[True]')],
    ['a control character', withRecords('["a\u0001"]')],
    ['a line break in a string', withRecords('["a\nb"]')],
    ['a wrong hex digit', withRecords('["\\u12g4"]')],
    ['an unknown escape', withRecords('["\\x"]')],
    ['lone surrogates', withRecords('["\\ud800", "\\udc00\\ud800"]')],
    ['umlauts and emoji', withRecords('["größe", "🏃", {"ключ": "値"}]')],
    ['a no-break space outside strings', withRecords('[1,\u00a02]')],
    ['a comment', withRecords('[1/*x*/]')],
  ])('agrees on %s', (_name, text) => {
    expect(read(text)).toEqual(parsed(text));
    expect(read(text, { maxItems: 1000, maxBytes: 1_000_000 })).toEqual(parsed(text));
  });

  it('agrees on every truncation of an upload', () => {
    const text = withRecords('[{"a":"x\\"y","b":[1,{"c":null}]},-1.5e3,true,"é"]');
    for (let length = 0; length < text.length; length++) {
      const cut = text.slice(0, length);
      expect([cut, read(cut)]).toEqual([cut, parsed(cut)]);
    }
  });

  const json = fc.json({ maxDepth: 4 });
  const upload = fc
    .record({
      records: fc.array(json, { maxLength: 6 }),
      sleep: fc.array(json, { maxLength: 3 }),
      extra: json,
      gap: fc.constantFrom('', ' ', '\n\t '),
    })
    .map(({ records, sleep, extra, gap }) => {
      const list = (items: string[]): string => `[${gap}${items.join(`${gap},${gap}`)}${gap}]`;
      return `{${gap}"extra":${extra},"data":{"records"${gap}:${list(records)},"x":${extra},"sleep":${list(sleep)}}${gap}}`;
    });

  it('gives back any upload', () => {
    fc.assert(
      fc.property(upload, (text) => expect(read(text)).toEqual({ value: JSON.parse(text) as unknown })),
      { numRuns: 300 },
    );
  });

  it('agrees on any damage done to an upload', () => {
    const piece = fc.constantFrom(
      ...Array.from('{}[]",:\\0-.e \u0000x\n'),
      '"records":[1]',
      '"data":{"sleep":[2]}',
      'null',
      '\\u',
      '\ufeff',
    );
    const damage = fc.record({ at: fc.nat(), drop: fc.nat({ max: 3 }), put: fc.array(piece, { maxLength: 2 }) });
    fc.assert(
      fc.property(upload, fc.array(damage, { minLength: 1, maxLength: 3 }), (text, damages) => {
        const broken = damages.reduce((current, { at, drop, put }) => {
          const place = at % (current.length + 1);
          return current.slice(0, place) + put.join('') + current.slice(place + drop);
        }, text);
        expect(read(broken)).toEqual(parsed(Buffer.from(broken).toString('utf8')));
      }),
      { numRuns: 1500 },
    );
  });

  it('agrees on damaged bytes', () => {
    fc.assert(
      fc.property(upload, fc.nat(), fc.integer({ min: 0, max: 255 }), (text, at, byte) => {
        const body = Buffer.from(text);
        body[at % body.length] = byte;
        const result = ((): unknown => {
          try {
            return { value: reassemble(body) };
          } catch (error) {
            return error instanceof MalformedJson ? 'refused' : error;
          }
        })();
        expect(result).toEqual(parsed(body.toString('utf8')));
      }),
      { numRuns: 500 },
    );
  });

  it('reads deep nesting, up to a bound', () => {
    const nested = (depth: number): string => withRecords(`[${'['.repeat(depth)}${']'.repeat(depth)}]`);
    const depthOf = (value: unknown): number => {
      let depth = 0;
      for (let inner = value; Array.isArray(inner); inner = inner[0]) depth++;
      return depth;
    };
    const [chunk] = readUpload(Buffer.from(nested(MAX_DEPTH))).chunks();
    expect(depthOf(chunk!.items)).toBe(MAX_DEPTH + 1);
    expect(() => readUpload(Buffer.from(nested(MAX_DEPTH + 1)))).toThrow('Nested too deeply');
    expect(() => readUpload(Buffer.from(withRecords('['.repeat(100_000))))).toThrow(MalformedJson);
  });
});

describe('readUpload', () => {
  const body = Buffer.from(withRecords(`[${Array.from({ length: 7 }, (_, index) => `{"n":${index}}`).join(',')}]`));

  it('cuts by number of items and by bytes, and always in the same way', () => {
    const sizes = (limits: SliceLimits): number[] =>
      [...readUpload(body, limits).chunks()].map(({ items }) => items.length);
    expect(sizes({ maxItems: 3, maxBytes: 1000 })).toEqual([3, 3, 1]);
    expect(sizes({ maxItems: 100, maxBytes: 1 })).toEqual([1, 1, 1, 1, 1, 1, 1]);
    expect(sizes({ maxItems: 100, maxBytes: 12 })).toEqual([2, 2, 2, 1]);
  });

  it('goes on behind the chunks that are done', () => {
    const rest = [...readUpload(body, { maxItems: 3, maxBytes: 1000 }).chunks(2)];
    expect(rest).toEqual([{ collection: 'records', startIndex: 6, items: [{ n: 6 }] }]);
  });

  it('tells the place and the text of the parser', () => {
    const error = ((): unknown => {
      try {
        return readUpload(Buffer.from(withRecords('[1,x]')));
      } catch (caught) {
        return caught;
      }
    })();
    expect(error).toMatchObject({
      status: 400,
      detail: 'JSON decode error - Unexpected token "x" in JSON at position 41',
    });
    expect(() => readUpload(Buffer.from('{"a":'))).toThrow('JSON decode error - Unexpected end of JSON input');
  });
});

describe('checkUpload', () => {
  const envelope = '"sdkVersion":"9.9.1","syncTimestamp":"2031-03-04T05:06:07Z"';

  it('counts items and lets other work run', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const items = JSON.stringify(Array.from({ length: 20_000 }, (_, index) => ({ n: index })));
    const facts = await checkUpload(
      Buffer.from(`{"provider":"Apple",${envelope},"data":{"records":${items},"sleep":[1]}}`),
    );
    clearInterval(timer);
    expect(facts).toEqual({
      provider: 'apple',
      sdkVersion: '9.9.1',
      problem: null,
      counts: { records: 20_000, sleep: 1, workouts: 0 },
    });
    expect(turns).toBeGreaterThan(0);
  });

  it.each([
    ['[]', 'Input should be a valid dictionary'],
    ['null', 'Input should be a valid dictionary'],
    ['"apple"', 'Input should be a valid dictionary'],
    ['{}', 'Unsupported provider: . Supported: apple, samsung, google'],
    ['{"provider":"garmin"}', 'Unsupported provider: garmin. Supported: apple, samsung, google'],
    ['{"provider":["apple"]}', 'Unsupported provider: . Supported: apple, samsung, google'],
    ['{"provider":"apple"', 'JSON decode error - Unexpected end of JSON input'],
    ['{"provider":"apple","data":{"records":[{]}}', 'JSON decode error - Unexpected token "]" in JSON at position 40'],
  ])('answers %s with 400', async (text, detail) => {
    await expect(checkUpload(Buffer.from(text))).rejects.toMatchObject({ status: 400, detail });
  });

  it.each([
    ['{"provider":"apple"}', 'Field required'],
    ['{"provider":"apple","sdkVersion":3}', 'Input should be a valid string'],
    ['{"provider":"apple","sdkVersion":"1"}', 'Field required'],
    ['{"provider":"apple","sdkVersion":"1","syncTimestamp":"soon"}', 'Input should be a valid datetime'],
    [
      `{"provider":"apple",${envelope},"data":null}`,
      'Input should be a valid dictionary or object to extract fields from',
    ],
    [
      `{"provider":"apple",${envelope},"data":[]}`,
      'Input should be a valid dictionary or object to extract fields from',
    ],
    [`{"provider":"apple",${envelope},"data":{"sleep":null}}`, 'Input should be a valid list'],
    [`{"provider":"apple",${envelope},"data":{"workouts":{}}}`, 'Input should be a valid list'],
    [`{"provider":"apple",${envelope},"data":{}}`, null],
    [`{"provider":"SAMSUNG",${envelope}}`, null],
  ])('accepts %s and tells why it cannot be processed', async (text, problem) => {
    expect((await checkUpload(Buffer.from(text))).problem).toBe(problem);
  });
});
