import type { Change } from '../cloud/vendor.js';
import { fail, jsonOf, NOTHING, ok, type Answer, type Call } from '../cloud/exchange.js';
import type { Fault } from '../cloud/faults.js';
import type { RateLimit } from '../cloud/rate-limit.js';
import type { VendorCloud } from '../cloud/vendor-cloud.js';
import type { Clock } from '../clock.js';
import type { Life } from '../people/life.js';
import { changedOnPurpose } from './purpose.js';
import { truthOf } from './truth.js';

/** What is controlled. */
export interface Controlled {
  readonly clouds: Readonly<Record<string, VendorCloud>>;
  readonly lives: readonly Life[];
  readonly clock: Clock;
  settings(): Record<string, string>;
}

type Body = Record<string, unknown>;
type Handler = (simulator: Controlled, cloud: VendorCloud, body: Body, call: Call) => Answer | Promise<Answer>;

/** What can be asked of one vendor's cloud, by method and the last part of `/control/{vendor}/{part}`. */
const OF_A_VENDOR: Readonly<Record<string, Handler>> = {
  'PUT faults': (_simulator, cloud, body) => {
    cloud.faults.set(body['faults'] as Fault[]);
    return NOTHING;
  },
  'PUT limit': (_simulator, cloud, body) => {
    cloud.limiter.limit = body['requests'] === undefined ? null : (body as unknown as RateLimit);
    return NOTHING;
  },
  'PUT tokens': (_simulator, cloud, body) => {
    cloud.oauth.tokenSeconds = Number(body['seconds']);
    return NOTHING;
  },
  'PUT callback': (_simulator, cloud, body) => {
    cloud.subscriptions.put(String(body['url']));
    return NOTHING;
  },
  'POST expire': (_simulator, cloud, body) => {
    cloud.oauth.expire(cloud.account(Number(body['person'])));
    return NOTHING;
  },
  'POST revoke': (_simulator, cloud, body) => {
    cloud.oauth.revoke(cloud.account(Number(body['person'])));
    return NOTHING;
  },
  'POST tell': async (_simulator, cloud, body) =>
    ok({ deliveries: await cloud.deliveries.tell(Number(body['person']), body['changes'] as Change[]) }),
  'GET truth': (_simulator, cloud, _body, { query }) => {
    const span = { fromMs: Date.parse(query.get('from') ?? ''), toMs: Date.parse(query.get('to') ?? '') };
    return ok(truthOf(cloud.account(Number(query.get('person'))).life, span));
  },
  'GET counts': (_simulator, { oauth, limiter, faults, counts }) =>
    ok({ ...counts, ...oauth.counts, limited: limiter.refused, faults: faults.counts }),
};

/** Answers calls below `/control`: faults, limits, time, deliveries, changes on purpose, and what is true. */
export async function controlAnswer(simulator: Controlled, call: Call): Promise<Answer> {
  const [, first, second] = call.path.split('/');
  const body = jsonOf(call);
  if (call.method === 'GET' && first === 'settings') return ok(simulator.settings());
  if (call.method === 'POST' && first === 'clock') {
    simulator.clock.advance(Number(body['advanceMs']));
    return ok({ now: new Date(simulator.clock.now()).toISOString() });
  }
  if (call.method === 'POST' && first === 'people') {
    const life = simulator.lives[Number(second) - 1];
    return life ? changedOnPurpose(life, simulator.clock.now(), body) : fail(404, 'no such person');
  }
  const cloud = simulator.clouds[first ?? ''];
  const handler = OF_A_VENDOR[`${call.method} ${second ?? ''}`];
  return cloud && handler ? handler(simulator, cloud, body, call) : fail(404, 'no such control');
}
