import type { LocalVendor, VendorBehaviour, VendorHit } from './local-vendor.js';
import type { Profile } from './profiles.js';
import type { CloudStrategy } from './providers.js';
import type { SampleCase, VendorCall } from './sample-case.js';

const TOKEN_PATH = '/oauth/token';

/** Whether the vendor was asked what the case lists: further parameters are allowed, and `/*` is every address. */
export function isHit({ apiBaseUrl }: CloudStrategy, call: VendorCall, hit: VendorHit): boolean {
  const base = new URL(apiBaseUrl);
  const { pathname } = new URL(call.url);
  const path = call.url.startsWith(apiBaseUrl) ? pathname.slice(base.pathname.replace(/\/$/, '').length) : pathname;
  const hasParams = Object.entries(call.params).every(([name, value]) => hit.query.get(name) === String(value));
  const isPath = path.endsWith('/*') ? hit.path !== TOKEN_PATH : hit.path === path;
  return hit.method === call.method && isPath && hasParams;
}

export const isToken = ({ path, method }: VendorHit): boolean => method === 'POST' && path === TOKEN_PATH;

/** A vendor that gives tokens to whoever asks, and nothing else. */
export const loggingIn =
  ({ login }: Profile): VendorBehaviour =>
  (hit) =>
    isToken(hit)
      ? {
          body: {
            access_token: 'syn-a',
            refresh_token: 'syn-r',
            expires_in: 3600,
            token_type: 'bearer',
            ...login.token,
          },
        }
      : {};

/** A vendor that answers what the case lists; to all else what `otherwise` says, or nothing. */
export const replaying =
  (
    strategy: CloudStrategy,
    { calls }: Pick<SampleCase, 'calls'>,
    otherwise: VendorBehaviour = () => ({}),
  ): VendorBehaviour =>
  (hit) => {
    const call = calls.find((one) => isHit(strategy, one, hit));
    return call ? { status: call.status, body: call.answer } : otherwise(hit);
  };

/** Listed calls that were not made. */
export const unheard = (strategy: CloudStrategy, { calls }: SampleCase, vendor: LocalVendor): readonly VendorCall[] =>
  calls.filter((call) => !vendor.hits.some((hit) => isHit(strategy, call, hit)));
