import type { LocalVendor, VendorBehaviour, VendorHit } from './local-vendor.js';
import type { CloudStrategy } from './providers.js';
import type { SampleCase, VendorCall } from './sample-case.js';

/** Whether the vendor was asked what the case lists: further parameters are allowed. */
export function isHit({ apiBaseUrl }: CloudStrategy, call: VendorCall, hit: VendorHit): boolean {
  const base = new URL(apiBaseUrl);
  const { pathname } = new URL(call.url);
  const path = call.url.startsWith(apiBaseUrl) ? pathname.slice(base.pathname.replace(/\/$/, '').length) : pathname;
  const hasParams = Object.entries(call.params).every(([name, value]) => hit.query.get(name) === String(value));
  return hit.method === call.method && hit.path === path && hasParams;
}

/** A vendor that answers what the case lists, and nothing to all else. */
export const replaying =
  (strategy: CloudStrategy, { calls }: Pick<SampleCase, 'calls'>): VendorBehaviour =>
  (hit) => {
    const call = calls.find((one) => isHit(strategy, one, hit));
    return call ? { status: call.status, body: call.answer } : {};
  };

/** Listed calls that were not made. */
export const unheard = (strategy: CloudStrategy, { calls }: SampleCase, vendor: LocalVendor): readonly VendorCall[] =>
  calls.filter((call) => !vendor.hits.some((hit) => isHit(strategy, call, hit)));
