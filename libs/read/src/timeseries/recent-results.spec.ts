import { describe, expect, it } from '@jest/globals';
import { RecentResults } from './recent-results.js';

describe('recent results', () => {
  const clock = { now: 0 };
  const asked: string[] = [];
  const answer = (text: string) => async (): Promise<string> => {
    asked.push(text);
    return text;
  };

  it('are asked for once, also by two at one time, until their time is over', async () => {
    const results = new RecentResults<string>(100, 10, () => clock.now);
    expect(await Promise.all([results.get('a', answer('1')), results.get('a', answer('2'))])).toEqual(['1', '1']);
    clock.now = 99;
    expect(await results.get('a', answer('3'))).toBe('1');
    clock.now = 100;
    expect(await results.get('a', answer('4'))).toBe('4');
    expect(asked).toEqual(['1', '4']);
  });

  it('make room for new ones, the oldest first', async () => {
    const results = new RecentResults<string>(100, 2, () => 0);
    for (const key of ['a', 'b', 'c']) await results.get(key, answer(key));
    expect(await results.get('c', answer('again'))).toBe('c');
    expect(await results.get('b', answer('again'))).toBe('b');
    expect(await results.get('a', answer('again'))).toBe('again');
  });

  it('do not keep a failure', async () => {
    const results = new RecentResults<string>(100, 2, () => 0);
    const failing = results.get('a', () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await results.get('a', answer('yes'))).toBe('yes');
  });
});
