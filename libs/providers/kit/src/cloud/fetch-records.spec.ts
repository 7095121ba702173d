import { describe, expect, it } from '@jest/globals';
import { parseIsoInstant, type JsonValue } from '#libs/model';
import { chunksOf } from './chunks.js';
import { fetchRecords, oneAt } from './fetch-records.js';
import { isoSeconds, utcDate } from './request-times.js';
import type { CloudResource, PullPlan, SyncWindow } from './resource.js';
import type { ProviderEnvironment, VendorRequest, VendorSession } from './vendor-request.js';

const at = (text: string): number => parseIsoInstant(text)!;
const window = (start: string, end: string): SyncWindow => ({ start: at(start), end: at(end) });
const DAYS = window('2026-03-08T06:00:00Z', '2026-03-10T18:00:00Z');

const environment: ProviderEnvironment = {
  clientId: 'id',
  clientSecret: 'secret',
  webhookSecret: null,
  subscriptionIds: [],
  granularity: 'raw',
  setting: () => null,
};

/** A session that answers from a list and remembers what it was asked. */
function scripted(answers: readonly JsonValue[]): { session: VendorSession; asked: VendorRequest[] } {
  const asked: VendorRequest[] = [];
  const session: VendorSession = {
    now: DAYS.end,
    account: { id: '1', username: null },
    environment,
    json: (request) => {
      asked.push(request);
      return Promise.resolve(answers[asked.length - 1] ?? null);
    },
    bytes: () => Promise.reject(new Error('no files here')),
  };
  return { session, asked };
}

async function pull(plan: PullPlan, answers: readonly JsonValue[], span = DAYS) {
  const { session, asked } = scripted(answers);
  const resource: CloudResource = { name: 'things', part: 'data_247', pull: plan, map: () => undefined };
  const pages: (readonly JsonValue[])[] = [];
  for await (const page of fetchRecords(resource, session, span)) pages.push(page);
  return { pages, asked };
}

const request = ({ start, end }: SyncWindow): VendorRequest => ({
  path: '/things',
  query: { from: isoSeconds(start), to: utcDate(end) },
});

describe('fetchRecords', () => {
  it('follows tokens until there is none', async () => {
    const { pages, asked } = await pull(
      { request, items: 'page.items', paging: { kind: 'token', answer: 'next', parameter: 'nextToken' } },
      [
        { page: { items: [1, 2] }, next: 'a' },
        { page: { items: [3] }, next: 'b' },
        { page: { items: [] }, next: 'c' },
      ],
    );
    expect(pages).toEqual([[1, 2], [3]]);
    expect(asked.map(({ query }) => query?.['nextToken'])).toEqual([undefined, 'a', 'b']);
    expect(asked[2]?.query).toMatchObject({ from: '2026-03-08T06:00:00Z', to: '2026-03-10' });
  });

  it('sends the token in a JSON body when the request has one', async () => {
    const post = (): VendorRequest => ({ method: 'POST', path: '/rollUp', json: { windowSize: '3600s' } });
    const { asked } = await pull(
      { request: post, items: 'points', paging: { kind: 'token', answer: 'nextPageToken', parameter: 'pageToken' } },
      [{ points: [1], nextPageToken: 'x' }, { points: [2] }],
    );
    expect(asked[1]?.json).toEqual({ windowSize: '3600s', pageToken: 'x' });
  });

  it('numbers pages, counts offsets, follows links and cursors to the end', async () => {
    const numbered = await pull(
      { request, items: '', paging: { kind: 'page', parameter: 'page', first: 1, size: 2 } },
      [[1, 2], [3]],
    );
    expect(numbered.asked.map(({ query }) => query?.['page'])).toEqual([undefined, 2]);
    const offset = await pull({ request, items: 'payload', paging: { kind: 'offset', parameter: 'offset', size: 2 } }, [
      { payload: [1, 2] },
      { payload: [3, 4] },
      { payload: [] },
    ]);
    expect(offset.asked.map(({ query }) => query?.['offset'])).toEqual([undefined, 2, 4]);
    const linked = await pull({ request, items: 'items', paging: { kind: 'link', answer: 'pagination.next' } }, [
      { items: [1], pagination: { next: 'https://api.example/next?offset=1' } },
      { items: [2], pagination: { next: '' } },
    ]);
    expect(linked.asked[1]).toMatchObject({ path: 'https://api.example/next?offset=1', query: {} });
    const cursor = await pull(
      { request, items: 'data', paging: { kind: 'cursor', parameter: 'last', field: 'at', more: 'links.next' } },
      [
        { data: [{ at: 5 }, { at: 9 }], links: { next: 'y' } },
        { data: [{ at: 12 }], links: {} },
      ],
    );
    expect(cursor.asked.map(({ query }) => query?.['last'])).toEqual([undefined, '9']);
  });

  it('gives up on paging that goes in circles', async () => {
    const plan: PullPlan = { request, items: '', paging: { kind: 'token', answer: 'next', parameter: 'next' } };
    const looping = { ...plan, items: 'data' };
    await expect(pull(looping, Array<JsonValue>(9).fill({ data: [1], next: 'same' }))).rejects.toMatchObject({
      trouble: 'unreadable',
    });
  });

  it.each<[string, JsonValue, readonly JsonValue[][] | 'unreadable']>([
    ['an empty answer', null, []],
    ['an object without the list', {}, []],
    ['a list that is null', { data: null }, []],
    ['a list that is none', { data: 7 }, 'unreadable'],
    ['no object at all', ['x'], 'unreadable'],
  ])('reads %s', async (_, answer, expected) => {
    const result = pull({ request, items: 'data' }, [answer]);
    if (expected === 'unreadable') await expect(result).rejects.toMatchObject({ trouble: 'unreadable' });
    else expect((await result).pages).toEqual(expected);
  });

  it('takes the answer as the record where there is no list, and keeps what is wanted', async () => {
    expect((await pull({ request }, [{ weight: 70 }])).pages).toEqual([[{ weight: 70 }]]);
    const kept = await pull({ request, items: '', keep: (record) => Number(record) > 1 }, [[1, 2, 3]]);
    expect(kept.pages).toEqual([[2, 3]]);
  });

  it('does not ask for what the vendor has forgotten', async () => {
    const plan: PullPlan = { request, items: '', ignoresWindow: true, reachDays: 30 };
    const old = window('2025-12-01T00:00:00Z', '2026-02-08T17:00:00Z');
    expect((await pull(plan, [[1]], old)).asked).toEqual([]);
    expect((await pull(plan, [[1]], { ...old, end: old.end + 3_600_000_000 })).pages).toEqual([[1]]);
  });

  it('fetches one object', async () => {
    const { session, asked } = scripted([{ id: 7 }]);
    await expect(oneAt((id) => ({ path: `/things/${id}` }))('7', session)).resolves.toEqual([{ id: 7 }]);
    expect(asked[0]?.path).toBe('/things/7');
  });
});

describe('chunksOf', () => {
  const text = (chunks: SyncWindow[]): string[] =>
    chunks.map(({ start, end }) => `${isoSeconds(start)} ${utcDate(end)}`);

  it('cuts by instants and by dates', () => {
    expect(chunksOf(DAYS, undefined)).toEqual([DAYS]);
    expect(text(chunksOf(DAYS, { days: 2, by: 'instant' }))).toEqual([
      '2026-03-08T06:00:00Z 2026-03-10',
      '2026-03-10T06:00:00Z 2026-03-10',
    ]);
    expect(text(chunksOf(DAYS, { days: 2, by: 'date' }))).toEqual([
      '2026-03-08T00:00:00Z 2026-03-09',
      '2026-03-10T00:00:00Z 2026-03-10',
    ]);
    expect(text(chunksOf(DAYS, { days: 1, by: 'date' }))).toHaveLength(3);
  });

  it('has nothing to ask about a window that ends before it begins', () => {
    expect(chunksOf({ start: DAYS.end, end: DAYS.start }, { days: 1, by: 'date' })).toEqual([]);
  });
});
