import { describe, expect, it, jest } from '@jest/globals';
import { retryingTransient, transientKind } from './transient-failures.js';

const failure = (fields: object): Error => Object.assign(new Error('message'), fields);
const deadlock = failure({ code: '40P01' });

describe('transientKind', () => {
  it.each([
    [{ code: '40P01' }, 'contention'],
    [{ code: '40001' }, 'contention'],
    [{ code: '55P03' }, 'contention'],
    [{ code: '23514', message: 'no partition of relation "point" found for row' }, 'partition'],
    [{ code: '23514', message: 'new row for relation "event" violates check constraint' }, null],
    [{ code: '23505', table: 'point_2026_05' }, 'duplicate'],
    [{ code: '23505', table: 'users' }, null],
    [{ code: '22012' }, null],
    [{}, null],
  ])('of %j is %p', (fields, kind) => expect(transientKind(failure(fields))).toBe(kind));

  it.each([null, undefined, 'text', 42])('of %p is null', (thrown) => expect(transientKind(thrown)).toBeNull());
});

describe('retryingTransient', () => {
  const pauses: number[] = [];
  const pause = (milliseconds: number): Promise<void> => {
    pauses.push(milliseconds);
    return Promise.resolve();
  };

  it('tells the next try what went wrong and answers its result', async () => {
    const seen: unknown[] = [];
    const work = (last: unknown): Promise<string> => {
      seen.push(last);
      return seen.length < 3 ? Promise.reject(deadlock) : Promise.resolve('done');
    };
    await expect(retryingTransient(work, pause)).resolves.toBe('done');
    expect(seen).toEqual([null, 'contention', 'contention']);
  });

  it('gives up after six tries with longer and longer pauses', async () => {
    pauses.length = 0;
    const work = jest.fn(() => Promise.reject(deadlock));
    await expect(retryingTransient(work, pause)).rejects.toBe(deadlock);
    expect(work).toHaveBeenCalledTimes(6);
    pauses.forEach((milliseconds, i) => {
      expect(milliseconds).toBeGreaterThanOrEqual(10 * 2 ** i);
      expect(milliseconds).toBeLessThan(30 * 2 ** i);
    });
    expect(pauses).toHaveLength(5);
  });

  it('does not repeat what will fail again', async () => {
    const broken = failure({ code: '22012' });
    const work = jest.fn(() => Promise.reject(broken));
    await expect(retryingTransient(work, pause)).rejects.toBe(broken);
    expect(work).toHaveBeenCalledTimes(1);
  });
});
