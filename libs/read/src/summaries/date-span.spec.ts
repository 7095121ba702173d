import { expect, it } from '@jest/globals';
import type { LocalDate } from '#libs/model';
import { readDates } from './date-span.js';

interface Row {
  readonly local_date: LocalDate;
}

const day = (n: number): LocalDate => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10);

/** Answers spans as the SQL does, and notes how many rows each had. */
function table(stored: readonly LocalDate[]) {
  const reads: number[] = [];
  const read = (span: { from: LocalDate; to: LocalDate; direction: 'ASC' | 'DESC'; count: number }): Promise<Row[]> => {
    const within = stored.filter((date) => date >= span.from && date < span.to).sort();
    if (span.direction === 'DESC') within.reverse();
    const first = Date.parse(within[0] ?? '2026-01-01');
    const rows = within.filter((date) => Math.abs(Date.parse(date) - first) < span.count * 86_400_000);
    reads.push(rows.length);
    return Promise.resolve(rows.map((date) => ({ local_date: date })));
  };
  return { reads, read };
}

const numbers = (count: number, step = 1): number[] => Array.from({ length: count }, (_, n) => n * step);
const everyDay = numbers(2000).map(day);
const everyWeek = numbers(290, 7).map(day);
const rareThenDense = [...numbers(20, 40), ...numbers(900).map((n) => 1000 + n)].map(day);

it.each([
  ['every day', everyDay, 31],
  ['every week', everyWeek, 31],
  ['rare, then dense', rareThenDense, 31],
  ['all there is', numbers(5, 3).map(day), 31],
  ['nothing', [], 31],
  ['one', everyWeek, 1],
] as const)('%s: the nearest dates, in either direction, without reading far beyond', async (_, stored, count) => {
  for (const direction of ['ASC', 'DESC'] as const) {
    const { reads, read } = table(stored);
    const dates = await readDates({ from: day(0), to: day(3000), direction, count }, read);
    const sorted = direction === 'ASC' ? [...stored].sort() : [...stored].sort().reverse();
    expect(dates.map(([row]) => row!.local_date)).toEqual(sorted.slice(0, count));
    expect(Math.max(...reads)).toBeLessThanOrEqual(4 * count);
  }
});

it('takes one read where there are no gaps, and a few where there are', async () => {
  const dense = table(everyDay);
  await readDates({ from: day(0), to: day(2000), direction: 'ASC', count: 31 }, dense.read);
  expect(dense.reads).toEqual([31]);
  const weekly = table(everyWeek);
  await readDates({ from: day(0), to: day(2000), direction: 'ASC', count: 31 }, weekly.read);
  expect(weekly.reads.length).toBeLessThanOrEqual(6);
});

it('stays inside of its range', async () => {
  const { read } = table(everyDay);
  const dates = await readDates({ from: day(5), to: day(8), direction: 'DESC', count: 31 }, read);
  expect(dates.map(([row]) => row!.local_date)).toEqual([day(7), day(6), day(5)]);
});
