import type { Account } from './account.js';
import type { Faults } from './faults.js';
import type { Application, Change, Vendor } from './vendor.js';
import type { Subscriptions } from './subscriptions.js';

/** What became of one delivery; status 0: nobody answered. */
export interface Delivered {
  readonly status: number;
  readonly body: string;
}

/** The cloud that tells. */
export interface TellingCloud {
  readonly vendor: Vendor;
  readonly application: Application;
  readonly faults: Faults;
  readonly subscriptions: Subscriptions;
  account(number: number): Account;
}

const TIMEOUT_MS = 10_000;

/** Tells the application what happened, signed as the vendor does, sometimes twice or in the wrong order. */
export class Deliveries {
  constructor(
    private readonly cloud: TellingCloud,
    private readonly now: () => number,
    private readonly root: string,
  ) {}

  /** Delivers everything there is to say about these changes of one person, one delivery after the other. */
  async tell(person: number, changes: readonly Change[]): Promise<Delivered[]> {
    const { vendor, application, faults } = this.cloud;
    const account = this.cloud.account(person);
    const bodies = changes.flatMap((change) =>
      vendor.notices(account, change, application, this.now(), this.root).map((notice) => JSON.stringify(notice.body)),
    );
    const repeated = bodies.flatMap((body) => (faults.strikesDelivery('duplicate') ? [body, body] : [body]));
    const ordered = faults.strikesDelivery('reorder') ? repeated.reverse() : repeated;
    const results: Delivered[] = [];
    for (const body of ordered) results.push(await this.deliver(body));
    return results;
  }

  private async deliver(body: string): Promise<Delivered> {
    const { vendor, application, subscriptions } = this.cloud;
    const url = subscriptions.callbackUrl;
    if (url === null) return { status: 0, body: 'no webhook is registered' };
    const headers = { 'Content-Type': 'application/json', ...vendor.sign(body, application, this.now()) };
    try {
      const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
      return { status: answer.status, body: await answer.text() };
    } catch (error) {
      return { status: 0, body: String(error) };
    }
  }
}
