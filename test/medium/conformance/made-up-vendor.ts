import type { JsonValue } from '#libs/model';
import {
  atPath,
  defineProvider,
  InvalidPayload,
  listAt,
  numberAt,
  recordMapper,
  requiredText,
  requiredTime,
  textAt,
  textMatches,
  ACCEPT,
  REFUSE,
  type NoticeAction,
  type VendorNotice,
} from '#libs/providers/kit';
import type { CloudStrategy } from './providers.js';

const SOURCE = { source: 'made-up' } as const;

const pulse = recordMapper(SOURCE, (record, writer, context) =>
  writer.point('heart_rate', requiredTime(record, 'at'), numberAt(record, 'bpm', context)),
);

const workout = recordMapper(SOURCE, (record, writer, context) => {
  const [start, end] = [requiredTime(record, 'start'), requiredTime(record, 'end')];
  const times = { startedAt: start.at, endedAt: end.at, zoneOffset: start.zoneOffset };
  const named = { externalId: requiredText(record, 'id'), sourceName: 'Made up', type: 'running' };
  writer.workout({ ...named, ...times, durationSeconds: 1800 }, { distance: numberAt(record, 'meters', context) });
});

const ACTIONS: Readonly<Record<string, (item: JsonValue) => NoticeAction>> = {
  pulse: (item) => ({ kind: 'records', resource: 'pulse', records: listAt(item, 'samples') }),
  file: (item) => ({ kind: 'object', resource: 'file', id: textAt(item, 'url') ?? '' }),
  permissions: (item) => ({ kind: 'permissions', permissions: listAt(item, 'granted').map(String) }),
  gone: () => ({ kind: 'deregister' }),
};

function notice(item: JsonValue): VendorNotice {
  const [who, kind] = [textAt(item, 'who'), textAt(item, 'kind')];
  const action = kind === null ? undefined : ACTIONS[kind];
  if (who === null || kind === null || !action) throw new InvalidPayload('kind is not known');
  const done: VendorNotice['report']['done'] = ({ points, workouts }) => ({ status: 'processed', points, workouts });
  return {
    account: { username: who },
    label: kind,
    action: action(item),
    report: { done, unknownAccount: { status: 'user_not_found' } },
  };
}

/**
 * A vendor that does everything the four real ones do not: it only pushes, several kinds in one array, files by address,
 * PKCE, a key beside the token, accounts by the name in the token. Stands where a provider that is to come will stand.
 */
export const madeUpVendor = defineProvider({
  code: 'suunto',
  displayName: 'Made up',
  apiBaseUrl: 'https://api.made-up.example',
  capabilities: { hasCloudApi: true, webhookStream: true },
  cloud: {
    oauth: {
      authorizeUrl: 'https://made-up.example/authorize',
      tokenUrl: 'https://made-up.example/token',
      clientAuth: 'basic',
      pkce: true,
      defaultScope: '',
      account: { from: 'access-token', id: 'sub', username: ['user'] },
    },
    budgets: [{ requests: 100, perSeconds: 60 }],
    headers: { 'x-key': '{SUUNTO_SUBSCRIPTION_KEY}' },
    resources: [
      { name: 'pulse', part: 'data_247', map: pulse },
      {
        name: 'file',
        part: 'workouts',
        one: async (path, session) => [JSON.parse((await session.bytes({ path })).toString('latin1')) as JsonValue],
        map: workout,
      },
    ],
    webhooks: {
      acceptsArrays: true,
      verify: ({ headers }, { clientId }) => (textMatches(headers['made-up-client'], clientId) ? ACCEPT : REFUSE),
      interpret: (body) => (Array.isArray(atPath(body, '')) ? (body as readonly JsonValue[]) : [body]).map(notice),
    },
  },
}) as CloudStrategy;
