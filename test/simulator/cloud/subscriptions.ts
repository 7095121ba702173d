import type { OAuthServer } from './oauth-server.js';
import { fail, formOf, jsonOf, NOTHING, ok, type Answer, type Call } from './exchange.js';
import type { Application, Vendor } from './vendor.js';

/** A registration of webhooks at a vendor, in the vendor's own words. */
export interface Subscription {
  readonly id: string;
  callbackUrl: string;
  readonly shown: Record<string, unknown>;
}

/** The registrations of one application at one vendor, and the questions a vendor asks before it believes in one. */
export class Subscriptions {
  readonly all = new Map<string, Subscription>();
  private next = 1;

  constructor(
    private readonly vendor: Vendor['name'],
    private readonly application: Application,
    private readonly oauth: OAuthServer,
  ) {}

  /** Where deliveries go; null while nobody has registered. */
  get callbackUrl(): string | null {
    return [...this.all.values()][0]?.callbackUrl ?? null;
  }

  /** Registers without a question, for vendors whose webhooks are set up by hand. */
  put(callbackUrl: string): void {
    this.all.set('by-hand', { id: 'by-hand', callbackUrl, shown: {} });
  }

  /** The answer to a call of the registration API; null for any other call. */
  async answer(call: Call): Promise<Answer | null> {
    const place = PLACES[this.vendor];
    if (place === undefined || !(call.path === place || call.path.startsWith(`${place}/`))) return null;
    if (!this.oauth.isClient(call, formOf(call))) return fail(401, 'unauthorized');
    const id = call.path.slice(place.length + 1);
    if (call.method === 'POST') return this.create(call);
    if (call.method === 'GET') return ok(this.listed(id));
    const known = this.all.get(id.replace(/^renew\//, ''));
    if (!known) return fail(404, 'not_found');
    if (call.method === 'DELETE') {
      this.all.delete(known.id);
      return NOTHING;
    }
    const { callback_url, url } = jsonOf(call);
    known.callbackUrl = String(callback_url ?? url ?? known.callbackUrl);
    Object.assign(known.shown, jsonOf(call));
    return ok(known.shown);
  }

  private listed(id: string): unknown {
    if (id !== '') return this.all.get(id)?.shown ?? null;
    const shown = [...this.all.values()].map((subscription) => subscription.shown);
    return this.vendor === 'polar' ? { data: shown } : shown;
  }

  private async create(call: Call): Promise<Answer> {
    const fields = { ...jsonOf(call), ...Object.fromEntries(this.vendor === 'strava' ? formOf(call) : []) };
    const callbackUrl = String(fields['callback_url'] ?? fields['url'] ?? '');
    if (this.vendor !== 'oura' && this.all.size > 0) return fail(409, 'already exists');
    if (!(await this.isGenuine(callbackUrl, fields))) return fail(400, 'callback url did not answer the challenge');
    const number = this.vendor === 'strava' ? this.application.subscriptionId : this.next++;
    const id = String(number);
    const shown = SHOWN[this.vendor](number, callbackUrl, fields);
    this.all.set(id, { id, callbackUrl, shown });
    const secret = this.vendor === 'polar' ? { signature_secret_key: this.application.webhookSecret } : {};
    return { status: 201, body: this.vendor === 'polar' ? { data: { ...shown, ...secret } } : shown };
  }

  /** Asks the address for proof that it belongs to the application. */
  private async isGenuine(callbackUrl: string, fields: Record<string, unknown>): Promise<boolean> {
    const challenge = `challenge-${this.next}`;
    if (this.vendor === 'polar') return this.ping(callbackUrl);
    const token = String(fields['verification_token'] ?? fields['verify_token']);
    const query: Record<string, string> =
      this.vendor === 'oura'
        ? { verification_token: token, challenge }
        : { 'hub.mode': 'subscribe', 'hub.challenge': challenge, 'hub.verify_token': token };
    const answer = await fetch(`${callbackUrl}?${new URLSearchParams(query).toString()}`).catch(() => null);
    return answer?.ok === true && (await answer.text()).includes(challenge);
  }

  private async ping(callbackUrl: string): Promise<boolean> {
    const body = JSON.stringify({ event: 'PING', timestamp: '2026-01-01T00:00:00Z' });
    const headers = { 'Content-Type': 'application/json' };
    const answer = await fetch(callbackUrl, { method: 'POST', headers, body }).catch(() => null);
    return answer?.ok === true;
  }
}

/** Where each registration API lives; WHOOP has none. */
const PLACES: Readonly<Partial<Record<Vendor['name'], string>>> = {
  oura: '/v2/webhook/subscription',
  polar: '/v3/webhooks',
  strava: '/api/v3/push_subscriptions',
};

type Shown = (id: number, callbackUrl: string, fields: Record<string, unknown>) => Record<string, unknown>;

const SHOWN: Readonly<Record<Vendor['name'], Shown>> = {
  whoop: () => ({}),
  oura: (id, callback_url, { event_type, data_type }) => ({
    ...{ id: String(id), callback_url, event_type, data_type, expiration_time: '2099-01-01T00:00:00Z' },
  }),
  polar: (id, url, { events }) => ({ id: String(id), events, url, active: true }),
  strava: (id, callback_url) => ({
    ...{ id, application_id: 1, callback_url, resource_state: 2 },
    ...{ created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' },
  }),
};
