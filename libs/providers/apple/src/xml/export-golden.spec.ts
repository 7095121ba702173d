import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ExportMapper } from './export-mapper.js';
import { ExportReader } from './export-reader.js';
import { documentOf, readExport, recordText } from './read-export.fixture.js';

const file = (name: string): Buffer => readFileSync(new URL(`./fixtures/${name}`, import.meta.url));
const EXPORT = file('export.xml');

it('reads every kind of element', () => {
  expect(JSON.parse(JSON.stringify(readExport(EXPORT)))).toEqual(JSON.parse(file('export.expected.json').toString()));
});

it('reads the same however the bytes are cut into pieces', () => {
  const whole = readExport(EXPORT);
  const cut = fc.integer({ min: 0, max: EXPORT.length });
  fc.assert(
    fc.property(fc.array(cut, { maxLength: 60 }), (cuts) => {
      expect(readExport(EXPORT, cuts)).toEqual(whole);
    }),
    { numRuns: 60 },
  );
  expect(readExport(EXPORT, [...EXPORT.keys()])).toEqual(whole);
});

/** Byte by byte no record is there as a whole, so all of it goes through the XML parser. */
it('reads records that look as usual as the parser would, damaged ones too', () => {
  const watch = { sourceName: 'A &amp; B’s', device: '&lt;&lt;HKDevice: 0x1&gt;, name:Watch&gt;' };
  const usual = documentOf(
    recordText(watch),
    recordText({ ...watch, value: '62' }).replace(
      '/>',
      '>\n  <MetadataEntry key="HKTimeZone" value="UTC"/>\n </Record>',
    ),
    recordText({ unit: 'mmol&lt;180.1558800000541&gt;/L', type: 'HKQuantityTypeIdentifierBloodGlucose' }),
    recordText({ sourceName: '&#233;' }),
  );
  const outcome = (document: Buffer, cuts?: readonly number[]): unknown => {
    try {
      return readExport(document, cuts);
    } catch (error) {
      return String(error);
    }
  };
  const bytes = fc.constantFrom(...Buffer.from('"<>&=/; \n\t\u0001xé\'![]-?#l'));
  const place = fc.integer({ min: 50, max: usual.length - 1 });
  const damage = fc.array(fc.tuple(place, bytes), { maxLength: 3 });
  fc.assert(
    fc.property(damage, (changes) => {
      const document = Buffer.from(usual);
      for (const [at, byte] of changes) document[at] = byte;
      expect(outcome(document)).toEqual(outcome(document, [...document.keys()]));
    }),
    { numRuns: 250 },
  );
});

it('cuts a byte order mark off, wherever it is cut', () => {
  const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), documentOf(recordText())]);
  for (const at of [0, 1, 2, 3]) expect(readExport(marked, [at]).read.records).toBe(1);
});

it('passes over what an earlier attempt has stored', () => {
  const whole = readExport(EXPORT);
  const rest = readExport(EXPORT, [], 5);
  expect(rest.elements).toBe(whole.elements - 5);
  expect(rest.batch.points).toHaveLength(whole.batch.points.length - 3);
  expect(rest.person).toBeNull();
});

it('weighs sleep, workouts and routes by what they take', () => {
  const sizeOf = (text: string): number => {
    const mapper = new ExportMapper(() => false);
    new ExportReader(mapper).write(documentOf(text));
    return mapper.size;
  };
  const dates = 'startDate="2026-10-30 18:00:00 +0100" endDate="2026-10-30 18:30:00 +0100"';
  const run = (parts: string): string => `<Workout workoutActivityType="Running" ${dates}>${parts}</Workout>`;
  expect(sizeOf(recordText())).toBe(1);
  const stage = { type: 'HKCategoryTypeIdentifierSleepAnalysis', value: 'HKCategoryValueSleepAnalysisAsleepCore' };
  expect(sizeOf(recordText(stage))).toBe(5);
  expect(sizeOf(run(''))).toBe(10);
  expect(sizeOf(run('<WorkoutRoute><FileReference path="/r.gpx"/></WorkoutRoute>'))).toBe(510);
});
