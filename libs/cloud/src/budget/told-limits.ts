import type { LimitHeaders } from '#libs/providers/kit';

/** What a vendor says of one of its windows. */
export interface ToldLimit {
  readonly perSeconds: number;
  readonly requests: number;
  readonly used: number;
}

/** What an answer says of the vendor's limits; what cannot be read says nothing. */
export function toldLimits(
  headers: Readonly<Record<string, string>>,
  facts: readonly LimitHeaders[],
): readonly ToldLimit[] {
  return facts.flatMap(({ limit, usage, windows }) => {
    const [allowed, spent] = [numbersIn(headers[limit]), numbersIn(headers[usage])];
    return windows.flatMap((perSeconds, place) => {
      const [requests, used] = [allowed[place] ?? 0, spent[place] ?? null];
      return requests > 0 && used !== null ? [{ perSeconds, requests, used }] : [];
    });
  });
}

const numbersIn = (text = ''): readonly (number | null)[] =>
  text.split(',').map((part) => (/^\d{1,9}$/.test(part.trim()) ? Number(part) : null));

/** When the vendor answered, by its own clock: by that its windows turn. An answer without a time came now. */
export function answeredAt({ date }: Readonly<Record<string, string>>, now: Date): Date {
  const at = Date.parse(date ?? '');
  return Number.isNaN(at) ? now : new Date(at);
}

/** Windows begin at whole multiples of their length: quarters of an hour, midnight in UTC. */
export const secondsToNextWindow = (perSeconds: number, now: Date): number =>
  perSeconds - ((now.getTime() / 1000) % perSeconds);
