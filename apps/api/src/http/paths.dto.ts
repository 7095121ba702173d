import {
  badRequest,
  isConnectableProvider,
  PROVIDER_CODES,
  type ConnectableProvider,
  type ProviderCode,
} from '#libs/model';
import { WireEnum, WireUuid } from './wire/wire.js';

/** `/users/{user_id}` */
export class UserPath {
  @WireUuid()
  userId!: string;
}

/** `/users/{user_id}/.../{provider}` */
export class UserProviderPath extends UserPath {
  @WireEnum(PROVIDER_CODES)
  provider!: ProviderCode;
}

/**
 * The provider of a path as one that can be connected.
 * @throws Failure 400 `Unknown provider: <p>` for `unknown` and `internal`
 */
export function connectable(provider: ProviderCode): ConnectableProvider {
  if (isConnectableProvider(provider)) return provider;
  throw badRequest(`Unknown provider: ${provider}`);
}
