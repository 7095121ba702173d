import type { ConnectableProvider } from '#libs/model';
import type { CloudProvider } from './cloud/cloud-provider.js';
import type { SdkMapper } from './sdk/sdk-mapper.js';

/** The ways in which a provider's data can reach us, and their limits. */
export interface ProviderCapabilities {
  /** The vendor has an API with user consent (OAuth). */
  readonly hasCloudApi: boolean;
  /** Its API can be polled. */
  readonly restPull: boolean;
  /** Data arrives from our mobile SDK. */
  readonly sdkUpload: boolean;
  /** Data arrives as a file the user exported. */
  readonly fileImport: boolean;
  /** We ask for an export and the vendor delivers it later to our webhook. */
  readonly webhookCallback: boolean;
  /** The vendor pushes whole payloads. */
  readonly webhookStream: boolean;
  /** The vendor pushes a notice and we fetch. */
  readonly webhookPing: boolean;
  /** Subscriptions are made through the vendor's API. */
  readonly webhookRegistration: boolean;
  /** The answer to our registration carries the signing secret. */
  readonly webhookSecretFromRegistration: boolean;
  /** How far back the vendor delivers at all; null = no limit. */
  readonly maxHistoricalDays: number | null;
}

export type LiveSyncMode = 'pull' | 'webhook';

/** One wearable: what it is called, how its data comes in, and the parts that understand its payloads. */
export interface ProviderStrategy {
  readonly code: ConnectableProvider;
  readonly displayName: string;
  /** Root of the vendor's API; empty for providers without one. */
  readonly apiBaseUrl: string;
  readonly capabilities: ProviderCapabilities;
  /** Maps uploads of the mobile SDK; present exactly when `sdkUpload` is. */
  readonly sdk?: SdkMapper;
  /** How the vendor's cloud is reached and understood. */
  readonly cloud?: CloudProvider;
}

export interface ProviderDefinition {
  readonly code: ConnectableProvider;
  readonly displayName: string;
  readonly apiBaseUrl?: string;
  readonly capabilities: Partial<ProviderCapabilities>;
  readonly sdk?: SdkMapper;
  readonly cloud?: CloudProvider;
}

const NOTHING: ProviderCapabilities = {
  hasCloudApi: false,
  restPull: false,
  sdkUpload: false,
  fileImport: false,
  webhookCallback: false,
  webhookStream: false,
  webhookPing: false,
  webhookRegistration: false,
  webhookSecretFromRegistration: false,
  maxHistoricalDays: null,
};

/**
 * Builds a strategy; capabilities not named are off.
 * @throws Error when capabilities contradict each other.
 */
export function defineProvider(definition: ProviderDefinition): ProviderStrategy {
  const capabilities = { ...NOTHING, ...definition.capabilities };
  const contradiction =
    contradictionOf(capabilities, definition.sdk !== undefined) ??
    (definition.cloud ? cloudContradictionOf(capabilities, definition.cloud) : null);
  if (contradiction) throw new Error(`Provider ${definition.code}: ${contradiction}`);
  return { ...definition, apiBaseUrl: definition.apiBaseUrl ?? '', capabilities };
}

function contradictionOf(has: ProviderCapabilities, hasSdkMapper: boolean): string | null {
  if (has.webhookStream && has.webhookPing) return 'webhooks either stream payloads or ping, not both';
  if (has.webhookPing && !has.restPull) return 'a webhook that pings needs an API to pull from';
  if (has.webhookSecretFromRegistration && !has.webhookRegistration) return 'a registration secret needs registration';
  if (has.restPull && !has.hasCloudApi) return 'pulling needs a cloud API';
  return has.sdkUpload === hasSdkMapper ? null : 'SDK uploads and the SDK mapper come together';
}

/** What the declarations of a cloud must agree on. Providers without them are phones' ways in until they have some. */
function cloudContradictionOf(has: ProviderCapabilities, cloud: CloudProvider): string | null {
  const names = new Set(cloud.resources.map(({ name }) => name));
  const listens = has.webhookPing || has.webhookStream;
  if (!has.hasCloudApi) return 'a cloud needs its capability';
  if (names.size !== cloud.resources.length) return 'two resources share a name';
  if (has.restPull !== cloud.resources.some(({ pull }) => pull !== undefined)) return 'pulling and resources to pull';
  if (listens !== (cloud.webhooks !== undefined)) return 'webhooks and the code for them come together';
  if (has.webhookRegistration !== (cloud.subscriptions !== undefined)) return 'registration and its service';
  return null;
}

/** Mode of a provider nobody has configured; null when there is nothing to choose (phones). */
export function defaultLiveSyncMode(has: ProviderCapabilities): LiveSyncMode | null {
  if (has.restPull) return 'pull';
  if (has.sdkUpload) return null;
  return has.webhookPing || has.webhookStream ? 'webhook' : null;
}

/** Whether an operator may choose between pull and webhook. */
export const isLiveSyncConfigurable = (has: ProviderCapabilities): boolean =>
  has.restPull && (has.webhookStream || has.webhookPing);

/** Path of the provider's icon below the API's base address. */
export const providerIconUrl = (code: ConnectableProvider): string => `/static/provider-icons/${code}.svg`;
