import { ExportMapper, type ExportPart } from './export-mapper.js';
import { ExportReader } from './export-reader.js';

/** Everything of a document in one part, read in pieces of the given lengths. */
export function readExport(
  document: Buffer,
  cuts: readonly number[] = [],
  skipElements = 0,
): ExportPart & { isWhole: boolean } {
  const mapper = new ExportMapper(() => false, skipElements);
  const reader = new ExportReader(mapper);
  let from = 0;
  for (const to of [...new Set(cuts)].sort((a, b) => a - b)) {
    reader.write(document.subarray(from, to));
    from = to;
  }
  reader.write(document.subarray(from));
  return { ...mapper.take(), isWhole: reader.end() };
}

/** A document with the given children of its root. */
export const documentOf = (...children: string[]): Buffer =>
  Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n<HealthData locale="en">${children.join('\n')}</HealthData>`);

/** A record with a heart rate, attributes in the order of the Health app; `changes` override them. */
export function recordText(changes: Readonly<Record<string, string | null>> = {}): string {
  const attributes: Record<string, string | null> = {
    type: 'HKQuantityTypeIdentifierHeartRate',
    sourceName: 'Watch',
    sourceVersion: null,
    device: null,
    unit: 'count/min',
    creationDate: null,
    startDate: '2026-10-30 08:00:00 +0100',
    endDate: '2026-10-30 08:00:00 +0100',
    value: '61',
    ...changes,
  };
  const texts = Object.entries(attributes).flatMap(([name, value]) => (value === null ? [] : [`${name}="${value}"`]));
  return `<Record ${texts.join(' ')}/>`;
}
