import { DAY, type JsonValue } from '#libs/model';
import { chunksOf } from './chunks.js';
import { atPath, isJsonObject } from './json-path.js';
import { nextPage } from './next-page.js';
import type { CloudResource, PullPlan, SyncWindow } from './resource.js';
import { VendorError, type VendorRequest, type VendorSession } from './vendor-request.js';

/**
 * Records of a resource within a window, page by page, to the end. What was yielded before an error is good.
 * @throws VendorError
 */
export function fetchRecords(
  resource: CloudResource,
  session: VendorSession,
  window: SyncWindow,
): AsyncIterable<readonly JsonValue[]> {
  const { pull } = resource;
  if (!pull) throw new Error(`${resource.name} cannot be pulled`);
  return typeof pull === 'function' ? pull(session, window) : byPlan(pull, session, window);
}

async function* byPlan(
  plan: PullPlan,
  session: VendorSession,
  window: SyncWindow,
): AsyncIterable<readonly JsonValue[]> {
  if (plan.reachDays !== undefined && window.end < session.now - plan.reachDays * DAY) return;
  const chunks = plan.ignoresWindow ? [window] : chunksOf(window, plan.chunk);
  for (const chunk of chunks) {
    const first = plan.request(chunk, session.environment);
    for await (const records of pagesFrom(first, plan, session)) {
      const kept = plan.keep ? records.filter((record) => plan.keep?.(record, window)) : records;
      if (kept.length > 0) yield kept;
    }
  }
}

async function* pagesFrom(
  first: VendorRequest,
  plan: PullPlan,
  session: VendorSession,
): AsyncIterable<readonly JsonValue[]> {
  const asked = new Set<string>();
  for (let request: VendorRequest | null = first; request;) {
    const key = JSON.stringify([request.path, request.query, request.json]);
    if (asked.has(key)) throw new VendorError('unreadable', 'Paging does not advance');
    asked.add(key);
    const answer = await session.json(request);
    const records = recordsOf(answer, plan.items);
    yield records;
    request = plan.paging && answer !== null ? nextPage(plan.paging, request, answer, records) : null;
  }
}

/**
 * The list at `items`, or the answer itself as the only record without `items`. A missing list is empty.
 * @throws VendorError when the answer has another shape
 */
export function recordsOf(answer: JsonValue, items: string | undefined): readonly JsonValue[] {
  if (answer === null) return [];
  if (items === undefined) return [answer];
  if (items !== '' && !isJsonObject(answer)) throw new VendorError('unreadable', 'The answer is no object');
  const list = atPath(answer, items);
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) throw new VendorError('unreadable', `${items || 'The answer'} is no list`);
  return list as readonly JsonValue[];
}

/** `one` of a resource whose object stands at one address: that request, with the records at `items` of its answer. */
export const oneAt =
  (request: (id: string) => VendorRequest, items?: string): NonNullable<CloudResource['one']> =>
  async (id, session) =>
    recordsOf(await session.json(request(id)), items);
