import { describe, expect, it } from '@jest/globals';
import { idAt, sortableId } from './sortable-id.js';

describe('sortableId', () => {
  it('sorts as text in the order of making, also when the clock goes back', () => {
    const now = Date.now();
    const ids = [0, 0, 0, 1000, -5000, -5000, 2000].map((shift) => sortableId('msg', now + shift));
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^msg_[0-9A-Za-z]{27}$/.test(id))).toBe(true);
  });

  it('keeps one length for all times', () => {
    expect(idAt('ep', new Date(0))).toBe(`ep_${'0'.repeat(27)}`);
    expect(idAt('ep', new Date('2150-01-01'))).toHaveLength(30);
    expect(idAt('ep', new Date('9999-12-31')) > sortableId('ep')).toBe(true);
  });

  it('knows where a time lies among ids', () => {
    const at = new Date(Date.now() + 60_000);
    expect(sortableId('atmpt', at.getTime() - 10) < idAt('atmpt', at)).toBe(true);
    expect(sortableId('atmpt', at.getTime()) >= idAt('atmpt', at)).toBe(true);
  });
});
