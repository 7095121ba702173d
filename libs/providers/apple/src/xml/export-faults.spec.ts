import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { documentOf, readExport, recordText } from './read-export.fixture.js';
import { BrokenExport, UnreadableExport } from './unreadable-export.js';

const EXPORT = readFileSync(new URL('./fixtures/export.xml', import.meta.url));

describe('a file that is no export', () => {
  it.each([
    ['another document', '<html><body/></html>', 'Not an Apple Health export: its root is <html>'],
    ['plain text', 'hello', 'The file is not XML: '],
    ['nothing but a prologue', '<?xml version="1.0"?>\n', 'Not an Apple Health export: the file has no XML elements'],
    ['an endless element', `<HealthData a="${'x'.repeat(17 * 1024 * 1024)}`, 'An element of the file is too long'],
    ['bottomless nesting', `<HealthData>${'<Deep>'.repeat(40)}`, 'The elements of the file are nested too deeply'],
  ])('%s is refused', (_name, text, message) => {
    // In pieces, as a file comes.
    const bytes = Buffer.from(text);
    const cuts = Array.from({ length: Math.floor(bytes.length / 1_000_000) }, (_, n) => (n + 1) * 1_000_000);
    let error: unknown;
    try {
      readExport(bytes, cuts);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(UnreadableExport);
    expect((error as Error).message).toContain(message);
  });
});

describe('a file that is not whole', () => {
  it('gives what is whole, wherever it is cut off', () => {
    const all = readExport(EXPORT);
    const root = EXPORT.indexOf('<HealthData') + 1;
    for (let at = root + 200; at < EXPORT.length - 1; at += 97) {
      const part = readExport(EXPORT.subarray(0, at));
      expect(part.isWhole).toBe(at > EXPORT.lastIndexOf('</HealthData>') + 12);
      const { points } = part.batch;
      expect(points).toEqual(all.batch.points.slice(0, points.length));
    }
  });

  it('says where it is broken', () => {
    const broken = documentOf(recordText(), '<Record type=></Record>', recordText());
    expect(() => readExport(broken)).toThrow(BrokenExport);
    const place = broken.indexOf('<Record type=>') + 14;
    expect(() => readExport(broken)).toThrow(`(at byte ${place})`);
  });

  it('ignores what comes behind the end', () => {
    const twice = Buffer.concat([documentOf(recordText()), documentOf(recordText())]);
    expect(readExport(twice)).toMatchObject({ isWhole: true, read: { records: 1 } });
  });
});

describe('entities of the document', () => {
  it('are never expanded', () => {
    const part = readExport(EXPORT);
    expect(part.skipped.records).toHaveProperty('invalid_value:HKQuantityTypeIdentifierHeartRate', 1);
    expect(JSON.stringify(part)).not.toMatch(/lol|root:/);
  });

  it('that are predefined or numeric are decoded', () => {
    const part = readExport(documentOf(recordText({ sourceName: 'A &amp; B &lt;&#233;&#x2019;&gt;' })));
    expect(part.batch.sources[0]!.source).toBe('A & B <é’>');
  });
});

it('keeps the first of an attribute written twice and goes on', () => {
  const twice = `<Record ${recordText().slice(8, -2)} value="62"/>`;
  expect(readExport(documentOf(twice, recordText())).batch.points).toHaveLength(2);
});
