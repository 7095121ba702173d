import { choice, Mistake, integer, text, webAddress, type Kind } from './kinds.js';

/** A variable of one provider alone. `derived`: without a value one is made from SECRET_KEY, never SECRET_KEY itself. */
interface OwnVariable {
  readonly kind: Kind<string | number>;
  readonly fallback?: string;
  readonly derived?: true;
}

const secret: OwnVariable = { kind: text, derived: true };
const plain: OwnVariable = { kind: text };
const workoutSamples: OwnVariable = { kind: choice(['true', 'false']), fallback: 'false' };

/** Every provider with a cloud, and what it reads beside the variables that all have. */
const OWN_VARIABLES = {
  garmin: { INGEST_WORKOUT_SAMPLES: workoutSamples },
  google: {
    GOOGLE_WEBHOOK_SECRET: secret,
    GOOGLE_PROJECT_ID: plain,
    GOOGLE_SERVICE_ACCOUNT_FILE: plain,
    GOOGLE_USE_RECONCILE: { kind: choice(['true', 'false']), fallback: 'true' },
  },
  polar: {},
  suunto: { SUUNTO_SUBSCRIPTION_KEY: plain, SUUNTO_WEBHOOK_SECRET: secret, INGEST_WORKOUT_SAMPLES: workoutSamples },
  whoop: {},
  strava: {
    STRAVA_WEBHOOK_VERIFY_TOKEN: secret,
    STRAVA_WEBHOOK_SIGNATURE_TOLERANCE_SECONDS: { kind: integer(0, 86_400), fallback: '300' },
    STRAVA_EVENTS_PER_PAGE: { kind: integer(1, 200), fallback: '200' },
    INGEST_WORKOUT_SAMPLES: workoutSamples,
  },
  oura: { OURA_WEBHOOK_VERIFICATION_TOKEN: secret },
  fitbit: {},
  ultrahuman: {},
  sensorbio: {},
} as const satisfies Readonly<Record<string, Readonly<Record<string, OwnVariable>>>>;

export type CloudCode = keyof typeof OWN_VARIABLES;
export const CLOUD_CODES = Object.keys(OWN_VARIABLES) as readonly CloudCode[];

/** `100/60`: so many requests in so many seconds. */
export interface RequestLimit {
  readonly requests: number;
  readonly perSeconds: number;
}

const requestLimit: Kind<RequestLimit> = (value) => {
  const match = /^([1-9]\d{0,7})\/([1-9]\d{0,6})$/.exec(value);
  if (match) return { requests: Number(match[1]), perSeconds: Number(match[2]) };
  throw new Mistake(`must be requests/seconds, for example 100/60, not ${JSON.stringify(value)}`);
};

/** What every provider has, behind `{PROVIDER}_`. */
const EVERY = {
  clientId: { suffix: 'CLIENT_ID', kind: text },
  clientSecret: { suffix: 'CLIENT_SECRET', kind: text },
  defaultScope: { suffix: 'DEFAULT_SCOPE', kind: text },
  redirectUri: { suffix: 'REDIRECT_URI', kind: webAddress },
  apiBaseUrl: { suffix: 'API_BASE_URL', kind: webAddress },
  authorizeUrl: { suffix: 'AUTHORIZE_URL', kind: webAddress },
  tokenUrl: { suffix: 'TOKEN_URL', kind: webAddress },
  requestLimit: { suffix: 'RATE_LIMIT', kind: requestLimit },
} as const;

/** One provider's part of the environment. Null: not set. */
export type CloudSettings = {
  readonly [K in keyof typeof EVERY]: ReturnType<(typeof EVERY)[K]['kind']> | null;
} & {
  /** The provider's own variables by name; derived secrets have a value of their own. */
  readonly own: Readonly<Record<string, OwnSetting>>;
};

export interface OwnSetting {
  readonly value: string | null;
  readonly isDerived: boolean;
  /** Something a vendor proves itself with. */
  readonly isSecret: boolean;
}

/** Reads one variable; null when it is not set or wrong, which was then noted. */
type Read = <T>(variable: string, kind: Kind<T>) => T | null;

/** The settings of all providers with a cloud. */
export const readCloudSettings = (read: Read): Readonly<Record<CloudCode, CloudSettings>> =>
  Object.fromEntries(CLOUD_CODES.map((code) => [code, settingsOf(code, read)])) as Record<CloudCode, CloudSettings>;

function settingsOf(code: CloudCode, read: Read): CloudSettings {
  const every = Object.entries(EVERY).map(([field, { suffix, kind }]) => [
    field,
    read<unknown>(variableOf(code, suffix), kind),
  ]);
  const own = Object.entries<OwnVariable>(OWN_VARIABLES[code]).map(
    ([variable, { kind, fallback, derived }]): [string, OwnSetting] => {
      const value = read(variable, kind);
      const isDerived = derived === true && value === null;
      const effective = value === null ? (fallback ?? null) : String(value);
      return [variable, { value: effective, isDerived, isSecret: derived === true }];
    },
  );
  return { ...(Object.fromEntries(every) as object), own: Object.fromEntries(own) } as CloudSettings;
}

const variableOf = (code: CloudCode, suffix: string): string => `${code.toUpperCase()}_${suffix}`;

/** The variables an example shows: credentials of every provider, and those one provider alone has. */
export const CLOUD_VARIABLES: readonly string[] = [
  ...new Set(
    CLOUD_CODES.flatMap((code) => [
      variableOf(code, EVERY.clientId.suffix),
      variableOf(code, EVERY.clientSecret.suffix),
      ...Object.keys(OWN_VARIABLES[code]),
    ]),
  ),
];

/** What the other variables of every provider are called, behind its name. */
export const CLOUD_SUFFIXES: readonly string[] = Object.values(EVERY).map(({ suffix }) => suffix);
