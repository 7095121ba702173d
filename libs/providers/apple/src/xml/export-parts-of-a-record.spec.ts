import { describe, expect, it } from '@jest/globals';
import { formatInstant } from '#libs/model';
import { SDK_METRICS } from '#libs/providers/kit';
import { apple } from '../apple.strategy.js';
import { rmssdOf } from './beats.js';
import { parseDevice } from './device-text.js';
import { ExportContext } from './export-context.js';
import { parseExportTime } from './export-instant.js';
import { converterTo, exportMetric } from './export-units.js';
import { GpxReader } from './gpx-reader.js';
import { documentOf, readExport, recordText } from './read-export.fixture.js';
import { movingSeconds } from './workout-events.js';
import { zoneOffsetAt } from './zone-offset-at.js';

describe('parseExportTime', () => {
  it.each([
    ['2024-01-30 04:31:06 +0100', '2024-01-30T03:31:06Z', 60],
    ['2024-01-30 04:31:06 -0330', '2024-01-30T08:01:06Z', -210],
    ['2024-01-30 04:31:06 -0000', '2024-01-30T04:31:06Z', 0],
    ['2024-01-30T04:31:06+01:00', '2024-01-30T03:31:06Z', 60],
    ['2024-02-29 23:59:59 +1400', '2024-02-29T09:59:59Z', 840],
  ])('%s', (text, instant, zoneOffset) => {
    const time = parseExportTime(text);
    expect(time && { at: formatInstant(time.instant), zoneOffset: time.zoneOffset }).toEqual({
      at: instant,
      zoneOffset,
    });
  });

  it.each([
    '',
    '2023-02-29 00:00:00 +0100',
    '2024-01-30 24:00:00 +0100',
    '2024-01-30 04:31:06',
    '30.01.2024 04:31 +0100',
  ])('refuses %j', (text) => expect(parseExportTime(text)).toBeNull());
  it('refuses offsets that no zone has', () => expect(parseExportTime('2024-01-30 04:31:06 +1900')).toBeNull());
});

it('knows the offset of a zone at an instant', () => {
  const at = (text: string): number => parseExportTime(text)!.instant;
  expect(zoneOffsetAt('Europe/Berlin', at('2026-03-29 00:59:59 +0000'))).toBe(60);
  expect(zoneOffsetAt('Europe/Berlin', at('2026-03-29 01:00:00 +0000'))).toBe(120);
  expect(zoneOffsetAt('Asia/Kolkata', at('2026-03-29 01:00:00 +0000'))).toBe(330);
  expect(zoneOffsetAt('Nowhere/Land', at('2026-03-29 01:00:00 +0000'))).toBeNull();
});

it('takes a device text apart', () => {
  const text =
    '<<HKDevice: 0x1>, name:Demo Watch, manufacturer:Demo Inc., model:Watch, hardware:Watch9,9, software:30.1>';
  expect(parseDevice(text)).toEqual({ name: 'Demo Watch', model: 'Watch', hardware: 'Watch9,9', software: '30.1' });
  expect(parseDevice(undefined)).toEqual({ name: null, model: null, hardware: null, software: null });
});

describe('units', () => {
  it.each([
    ['kcal', null, 'kJ', 100, 23.90057361],
    ['meters', null, 'mi', 1, 1609.344],
    ['minutes', null, 'hr', 1.5, 90],
    ['celsius', null, 'degF', 212, 100],
    ['percent', 'percent', '%', 0.97, 97],
    ['percent', 'percent', '%', 97, 97],
    ['count', 'percent', '%', 0.02, 2],
    ['mg_dl', 'blood_alcohol', '%', 0.0008, 80],
    ['mg_dl', 'glucose', 'mmol<180.1558800000541>/L', 1, 18.0182],
    ['cm', 'length', 'in', 10, 25.4],
    ['bpm', null, undefined, 61, 61],
    ['mL', null, 'fl_oz_us', 1, 29.5735295625],
  ] as const)('%s (%s) from %s', (series, conversion, unit, given, expected) => {
    expect(converterTo(series, conversion, unit)!(given)).toBeCloseTo(expected, 6);
  });

  it('that nobody can convert are refused', () => {
    expect(converterTo('bpm', null, 'km')).toBeNull();
    expect(converterTo('kcal', null, 'constructor')).toBeNull();
  });

  /** What the phone says about each of its types, in HealthKit's own unit. */
  it.each(
    SDK_METRICS.filter(({ metric, series }) => metric.startsWith('HKQuantity') && series !== null).map(
      ({ metric, conversion }) => [metric, conversion] as const,
    ),
  )('%s gives the same number as the phone does', (metric, conversion) => {
    const units = { percent: '%', blood_alcohol: '%', length: 'm', glucose: 'mg/dL' };
    const unit = conversion === null ? null : units[conversion];
    const start = '2026-10-30T07:00:00Z';
    const record = { id: 'a', type: metric, startDate: start, endDate: start, value: 0.5, unit, source: {} };
    const chunk = { collection: 'records', startIndex: 0, items: [record] } as const;
    const [fromPhone] = apple.sdk!.map(chunk).batch.points;
    const text = recordText({ type: metric, unit, value: '0.5' });
    const [fromFile] = readExport(documentOf(text)).batch.points;
    expect([fromFile?.series, fromFile?.value]).toEqual([fromPhone?.series, fromPhone?.value]);
    expect(exportMetric(metric)?.series).toBe(fromPhone?.series);
  });
});

describe('activity summaries', () => {
  const summaryOf = (attributes: string): unknown => {
    const { batch, skipped, ignored } = readExport(documentOf(`<ActivitySummary ${attributes}/>`));
    return [
      batch.points.map(({ series, value, recordedAt }) => [series, value, formatInstant(recordedAt)]),
      skipped.records,
      ignored,
    ];
  };
  const midnight = '2026-10-30T00:00:00Z';

  it.each<[string, unknown]>([
    [
      'dateComponents="2026-10-30" activeEnergyBurned="418.4" activeEnergyBurnedUnit="kJ" appleExerciseTime="0" appleMoveTime="0"',
      [
        [
          ['energy', 100, midnight],
          ['exercise_time', 0, midnight],
        ],
        {},
        {},
      ],
    ],
    [
      'dateComponents="2026-10-30" appleMoveTime="90" appleMoveTimeGoal="60" appleStandHours="7"',
      [
        [['active_time', 90, midnight]],
        {},
        { 'ActivitySummary.appleMoveTimeGoal': 1, 'ActivitySummary.appleStandHours': 1 },
      ],
    ],
    ['dateComponents="2026-10-30" activeEnergyBurned="0"', [[], {}, { 'ActivitySummary: nothing measured': 1 }]],
    ['dateComponents="2026-02-30" activeEnergyBurned="9"', [[], { 'invalid_date:ActivitySummary': 1 }, {}]],
    ['activeEnergyBurned="9"', [[], { 'invalid_date:ActivitySummary': 1 }, {}]],
  ])('%s', (attributes, expected) => expect(summaryOf(attributes)).toEqual(expected));
});

describe('sources', () => {
  const sourceIn = (isKnown: (name: string) => boolean, attributes: object): string | null =>
    new ExportContext((name) => isKnown(name)).source(attributes as never).name;
  const device = '<<HKDevice: 0x1>, name:Apple Watch, hardware:Watch7,1>';

  it('are named by their device, as phones name them, else by the app', () => {
    expect(sourceIn(() => false, { sourceName: 'Ann', device })).toBe('Apple Watch');
    expect(sourceIn(() => false, { sourceName: 'Scale' })).toBe('Scale');
  });

  it('are the ones that the phone has made already', () => {
    expect(sourceIn((name) => name === 'Ann', { sourceName: 'Ann', device })).toBe('Ann');
    expect(sourceIn(() => true, { sourceName: 'Ann', device })).toBe('Apple Watch');
  });
});

it('leaves the pauses of a workout out of its moving time', () => {
  const event = (type: string, minute: number): Record<string, string> => ({
    type: `HKWorkoutEventType${type}`,
    date: `2026-10-30 18:${String(minute).padStart(2, '0')}:00 +0100`,
  });
  const [start, end] = [0, 30].map((minute) => parseExportTime(event('', minute)['date']!)!.instant) as [
    number,
    number,
  ];
  expect(movingSeconds([], start, end)).toBeNull();
  expect(movingSeconds([event('Lap', 3)], start, end)).toBeNull();
  expect(movingSeconds([event('Pause', 10), event('Resume', 12)], start, end)).toBe(1680);
  expect(movingSeconds([event('MotionPaused', 10), event('MotionResumed', 11), event('Pause', 25)], start, end)).toBe(
    1440,
  );
});

describe('rmssdOf', () => {
  const rates = [58, 60, 61, 59.5, 57, 62, 60.5, 58.5, 59, 61.5, 60, 58, 57.5, 60, 61, 62.5, 59, 58, 60, 61];
  const timed = (lost: number): { bpm: string; time: string }[] => {
    let second = 50;
    return rates.map((rate, n) => {
      second += 60 / rate + (n === lost ? 3 : 0);
      return { bpm: String(rate), time: `4:${59 + Math.floor(second / 60)}:${(second % 60).toFixed(2)} AM` };
    });
  };

  it('is the variability between neighbouring beats', () => {
    expect(rmssdOf(rates.map((rate) => ({ bpm: String(rate) })))).toBeCloseTo(35.787765931911906, 9);
    expect(rmssdOf(timed(-1))).toBeCloseTo(35.787765931911906, 9);
  });

  it('is not known of few beats, and not across lost ones', () => {
    expect(rmssdOf(timed(-1).slice(1))).toBeNull();
    expect(rmssdOf(timed(7))).toBeNull();
    const longer = [...timed(7), ...rates.map((rate) => ({ bpm: String(rate) }))];
    expect(rmssdOf(longer)).toBeGreaterThan(0);
    expect(rmssdOf(rates.map(() => ({ bpm: '0' })))).toBeNull();
  });
});

it('reads the points of a route', () => {
  const reader = new GpxReader();
  const gpx =
    '<gpx><trk><trkseg><trkpt lon="13.4" lat="52.5"><ele>34.5</ele><time>2026-10-30T17:00:00Z</time>' +
    '<extensions><hAcc>3.25</hAcc></extensions></trkpt><trkpt lon="200" lat="52"/><trkpt lat="1" lon="2"/></trkseg></trk></gpx>';
  for (const character of gpx) reader.write(Buffer.from(character));
  expect(reader.points.map(({ at, ...place }) => ({ ...place, at: at === null ? null : formatInstant(at) }))).toEqual([
    {
      at: '2026-10-30T17:00:00Z',
      latitude: 52.5,
      longitude: 13.4,
      altitudeMeters: 34.5,
      horizontalAccuracyMeters: 3.25,
    },
    { at: null, latitude: 1, longitude: 2, altitudeMeters: null, horizontalAccuracyMeters: null },
  ]);
});
