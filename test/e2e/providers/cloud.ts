import { setTimeout as pause } from 'node:timers/promises';
import { loadConfig, type AppConfig } from '#libs/config';
import { openTestApi, type TestApi } from '../../support/api.js';
import type { GivenUser } from '../../support/given.js';
import { Simulator } from '../../simulator/simulator.js';

/** An API with a worker, and the clouds it believes to be the vendors'. */
export interface CloudApi extends TestApi {
  readonly simulator: Simulator;
  /** Walks a person of the simulator through a login; where the browser ends. */
  connect(user: GivenUser, provider: string, person: number, redirectUri?: string): Promise<string>;
  /** Waits until nothing is left to be pulled and no delivery waits. */
  settle(): Promise<void>;
}

const LIMIT_MS = 20_000;

export async function openCloudApi(
  settings: Partial<AppConfig> = {},
  { without }: { without?: string } = {},
): Promise<CloudApi> {
  const simulator = await Simulator.start({ people: 4, beatMinutes: 60 });
  // Nights settle by themselves, and nobody is told: what a test compares must not move meanwhile.
  simulator.clock.stop();
  const limits = Object.keys(simulator.clouds).map((name) => [`${name.toUpperCase()}_RATE_LIMIT`, '1000000/60']);
  const told = { ...Object.fromEntries(limits), ...simulator.settings() };
  const known = Object.entries(told).filter(
    ([name]) => !without || !name.startsWith(`${without.toUpperCase()}_CLIENT`),
  );
  const { cloud } = loadConfig({ ENVIRONMENT: 'test', ...Object.fromEntries(known) });
  const secretKey = 'a secret of the tests that nobody else knows';
  const api = await openTestApi({ worker: true, config: { cloud, secretKey, ...settings } });
  await rememberAnnouncements(api);
  // Where vendors deliver: known only now that the port is.
  Object.assign(api.config, { apiBaseUrl: api.url });
  return {
    ...api,
    simulator,
    connect: (user, provider, person, redirectUri) => connect(api, user, provider, person, redirectUri),
    settle: () => settle(api),
    close: async () => {
      await api.close();
      await simulator.stop();
    },
  };
}

async function connect(
  api: TestApi,
  user: GivenUser,
  provider: string,
  person: number,
  redirectUri?: string,
): Promise<string> {
  const back = redirectUri === undefined ? '' : `&redirect_uri=${encodeURIComponent(redirectUri)}`;
  const { body } = await api.anonymous.get(`/api/v1/oauth/${provider}/authorize?user_id=${user.id}${back}`).expect(200);
  const consent = new URL((body as { authorization_url: string }).authorization_url);
  const form = new URLSearchParams([...consent.searchParams, ['person', String(person)]]);
  const yes = await fetch(`${consent.origin}${consent.pathname}`, { method: 'POST', body: form, redirect: 'manual' });
  const callback = new URL(yes.headers.get('location') ?? '');
  const answer = await api.anonymous.get(callback.pathname + callback.search).expect(303);
  return answer.headers['location'] ?? '';
}

/** Announcements leave the outbox as soon as they are worked on; `heard` keeps them for the test. */
async function rememberAnnouncements({ database }: TestApi): Promise<void> {
  await database.db.query('CREATE TABLE heard (id bigserial, user_key integer, kind text, payload jsonb)');
  await database.db.query(`CREATE FUNCTION hear() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO heard (user_key, kind, payload) VALUES (NEW.user_key, NEW.kind, NEW.payload); RETURN NEW; END $$`);
  await database.db.query('CREATE TRIGGER hear BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION hear()');
}

async function settle({ database }: TestApi): Promise<void> {
  const end = Date.now() + LIMIT_MS;
  for (;;) {
    const [open] = await database.db.query<{ open: number; told: object | null }>(
      `SELECT (SELECT count(*) FROM connection_sync WHERE history_due) + (SELECT count(*) FROM pull_run WHERE state <> 'done')
         + (SELECT count(*) FROM vendor_inbox WHERE state IN ('pending', 'running')) AS open,
         (SELECT jsonb_agg(r) FROM pull_run r WHERE state <> 'done') AS told`,
    );
    if (open?.open === 0) return;
    if (Date.now() > end) throw new Error(`Still at work: ${JSON.stringify(open)}`);
    await pause(25);
  }
}
