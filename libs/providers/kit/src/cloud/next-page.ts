import type { JsonValue } from '#libs/model';
import { atPath, textAt } from './json-path.js';
import type { Paging } from './resource.js';
import type { QueryValue, VendorRequest } from './vendor-request.js';

/** The request of the page after this one; null when there is none. `records` are those the page held. */
export function nextPage(
  paging: Paging,
  asked: VendorRequest,
  answer: JsonValue,
  records: readonly JsonValue[],
): VendorRequest | null {
  if (records.length === 0) return null;
  switch (paging.kind) {
    case 'token': {
      const token = textAt(answer, paging.answer);
      return token === null ? null : withParameter(asked, paging.parameter, token);
    }
    case 'page': {
      if (records.length < paging.size) return null;
      const page = Number(asked.query?.[paging.parameter] ?? paging.first);
      return withParameter(asked, paging.parameter, page + 1);
    }
    case 'offset': {
      if (records.length < paging.size) return null;
      const offset = Number(asked.query?.[paging.parameter] ?? 0);
      return withParameter(asked, paging.parameter, offset + records.length);
    }
    case 'link': {
      const address = textAt(answer, paging.answer);
      return address === null ? null : { ...asked, path: address, query: {} };
    }
    case 'cursor': {
      const cursor = textAt(records.at(-1) ?? null, paging.field);
      if (cursor === null || cursor === String(asked.query?.[paging.parameter] ?? '')) return null;
      if (paging.more !== undefined && !atPath(answer, paging.more)) return null;
      return withParameter(asked, paging.parameter, cursor);
    }
  }
}

const withParameter = (asked: VendorRequest, name: string, value: QueryValue): VendorRequest =>
  asked.json
    ? { ...asked, json: { ...asked.json, [name]: value } }
    : { ...asked, query: { ...asked.query, [name]: value } };
