import type { JsonObject } from '#libs/model';
import type { Profile } from './profiles.js';
import type { CloudStrategy } from './providers.js';
import type { Expected, SampleCase, Samples, VendorCall } from './sample-case.js';

const NOTHING: Expected = { series: [], events: [], scores: [] };
const NO_REQUEST = { method: 'GET', path: '', query: {}, headers: {}, body: null } as const;

/**
 * Cases that every provider has, whatever its file says: who logged in, and what somebody who waits for a pull hears
 * when the vendor refuses, fails, or talks nonsense.
 */
export function generatedCases(strategy: CloudStrategy, samples: Samples, profile: Profile): readonly SampleCase[] {
  return [...identities(strategy, samples, profile), ...errors(strategy, samples, profile)];
}

function identities({ apiBaseUrl }: CloudStrategy, samples: Samples, { login, pull }: Profile): SampleCase[] {
  const { given } = caseOf(samples, pull);
  const { account } = login;
  const { provider_user_id: id = null } = given.connection;
  const base = { kind: 'identity', delivery: 'pull', given, ...NO_REQUEST } as const;
  const asked = (status: number, answer: JsonObject): VendorCall[] =>
    account ? [{ method: 'GET', url: apiBaseUrl + account.path, params: {}, json: null, status, answer }] : [];
  const found = { ...NOTHING, connection: { status: 'active', provider_user_id: id } };
  const unknown = { ...NOTHING, connection: { status: 'active', provider_user_id: null, provider_username: null } };
  return [
    { ...base, id: 'generated: the account is found', calls: asked(200, account?.answer ?? {}), expected: found },
    // Without a lookup there is nothing that can fail.
    ...(account
      ? [
          { ...base, id: 'generated: the lookup fails', calls: asked(500, {}), expected: unknown },
          { ...base, id: 'generated: the lookup finds nobody', calls: asked(200, { nobody: true }), expected: unknown },
        ]
      : []),
  ];
}

function errors(strategy: CloudStrategy, samples: Samples, { pull }: Profile): SampleCase[] {
  const { given, calls } = caseOf(samples, pull);
  const name = strategy.code.charAt(0).toUpperCase() + strategy.code.slice(1);
  const expired = { status: 409, detail: `${name} authorization expired. Please re-authorize.` };
  const facts: readonly (readonly [string, Partial<VendorCall>, JsonObject])[] = [
    ['refuses our token', { status: 401 }, expired],
    ['fails', { status: 500 }, { status: 502, detail: `${name} API error: 500` }],
    ['wants to be left alone', { status: 429 }, { status: 502, detail: `${name} API error: 429` }],
    ['talks nonsense', { answer: '<html>' }, { status: 502, detail: `Failed to fetch data from ${name}` }],
  ];
  // Somebody who waits asks now: vendors that tell of the last days alone are not asked for older ones.
  const now = Date.now();
  const lately = { start: new Date(now - 86_400_000).toISOString(), end: new Date(now).toISOString() };
  // Every address of the provider: one that answers well would make it a partial success.
  const everywhere: VendorCall = { ...calls[0]!, url: `${strategy.apiBaseUrl}/*`, params: {} };
  return facts.map(([what, answer, error]) => ({
    ...NO_REQUEST,
    id: `generated: the vendor ${what}`,
    kind: 'error',
    delivery: 'pull',
    given: { ...given, now: lately.end, window: lately },
    calls: [{ ...everywhere, ...answer }],
    expected: { ...NOTHING, error: error as unknown as NonNullable<Expected['error']> },
  }));
}

const caseOf = ({ cases, provider }: Samples, id: string): SampleCase => {
  const found = cases.find((one) => one.id === id);
  if (!found) throw new Error(`${provider} has no case ${id}`);
  return found;
};
