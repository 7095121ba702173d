import { describe, expect, it, jest } from '@jest/globals';
import type { DueDelivery } from './delivery.js';
import { shareRoom } from './share-room.js';
import { UnderWay } from './under-way.js';

describe('shareRoom', () => {
  const ids = (count: number): string[] => Array.from({ length: count }, (_, i) => `ep_${i}`);

  it.each<[string, number, number, number[], boolean, string | null]>([
    ['one gets what it may take', 1, 128, [64], false, null],
    ['some share evenly', 4, 10, [2, 2, 2, 2], false, null],
    ['each gets one for as long as there is room', 5, 3, [1, 1, 1], false, 'ep_2'],
    ['nobody gets anything of nothing', 0, 8, [], false, null],
  ])('%s', (_, count, room, shares, isTight, last) => {
    const shared = shareRoom(ids(count), room, () => 64);
    expect([...shared.rooms.values()]).toEqual(shares);
    expect(shared).toMatchObject({ isTight, last });
  });

  it('passes over those that may take no more', () => {
    const shared = shareRoom(ids(3), 9, (id) => (id === 'ep_1' ? 0 : 3));
    expect([...shared.rooms]).toEqual([
      ['ep_0', 3],
      ['ep_2', 3],
    ]);
    expect(shared).toMatchObject({ isTight: true, last: null });
  });
});

describe('UnderWay', () => {
  const delivery = { endpointId: 'ep_0', data: 'x'.repeat(100) } as DueDelivery;

  it('leaves room for others beside attempts that take long', () => {
    jest.useFakeTimers();
    try {
      const underWay = new UnderWay();
      const onRoom = jest.fn();
      const ends = [1, 2, 3].map(() => underWay.begin(delivery, onRoom));
      expect(underWay).toMatchObject({ count: 3, busy: 3, bytes: 300 });
      expect(underWay.roomOf('ep_0', 6)).toBe(3);
      // Few are not worth a look into the database.
      expect(underWay.roomOf('ep_0', 4)).toBe(0);
      ends[0]!();
      jest.advanceTimersByTime(1001);
      expect(underWay).toMatchObject({ count: 2, busy: 0, bytes: 200 });
      expect(underWay.roomOf('ep_0', 64)).toBe(62);
      for (const end of ends.slice(1)) end();
      expect(underWay).toMatchObject({ count: 0, busy: 0, bytes: 0 });
      expect(underWay.roomOf('ep_0', 64)).toBe(64);
      // Also when the slow ones end: their endpoint may have waited for it.
      expect(onRoom).toHaveBeenCalledTimes(5);
    } finally {
      jest.useRealTimers();
    }
  });
});
