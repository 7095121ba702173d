import type { OAuthCallback, ProviderView } from '#libs/cloud';
import { PROVIDER_CODES, type ProviderCode } from '#libs/model';
import { Shown } from '../http/shown.js';
import { WireBool, WireEnum, WireString, WireUuid } from '../http/wire/wire.js';

/** `/{provider}` as one of the known codes. */
export class ProviderPath {
  @WireEnum(PROVIDER_CODES)
  provider!: ProviderCode;
}

export class AuthorizeQuery {
  @WireUuid({ description: 'The user who is to be connected' })
  userId!: string;

  @WireString({ optional: true, description: 'Where the user goes after connecting' })
  redirectUri?: string;
}

/** What the vendor sends the browser back with. */
export class CallbackQuery implements OAuthCallback {
  @WireString({ optional: true })
  code?: string;

  @WireString({ optional: true })
  state?: string;

  @WireString({ optional: true })
  error?: string;

  @WireString({ optional: true })
  errorDescription?: string;
}

export class SuccessQuery {
  @WireString()
  provider!: string;

  @WireString()
  userId!: string;
}

export class ErrorQuery {
  @WireString({ default: 'OAuth authentication failed' })
  message!: string;
}

export class AuthorizeAnswer {
  @Shown.text({ description: 'Send the user here' })
  authorization_url!: string;

  @Shown.text({ description: 'Good for one login within 15 minutes' })
  state!: string;
}

export class ConnectedAnswer {
  @Shown.flag()
  success!: boolean;

  @Shown.text()
  message!: string;

  @Shown.text()
  user_id!: string;

  @Shown.text()
  provider!: string;
}

export class NotConnectedAnswer {
  @Shown.flag()
  success!: boolean;

  @Shown.text()
  message!: string;
}

export class ProviderListQuery {
  @WireBool({ default: false, description: 'Only providers that are enabled' })
  enabledOnly!: boolean;

  @WireBool({ default: false, description: 'Only providers with a cloud API' })
  cloudOnly!: boolean;
}

export class ProviderAnswer implements ProviderView {
  @Shown.text()
  provider!: string;

  @Shown.text()
  name!: string;

  @Shown.flag({ description: 'Users connect by logging in at the vendor' })
  has_cloud_api!: boolean;

  @Shown.flag()
  is_enabled!: boolean;

  @Shown.text()
  icon_url!: string;

  @Shown.oneOf(['pull', 'webhook'], { nullable: true })
  live_sync_mode!: 'pull' | 'webhook' | null;

  @Shown.flag({ description: 'Whether live_sync_mode can be chosen' })
  live_sync_configurable!: boolean;

  @Shown.oneOf(['daily', 'hourly', 'raw'], { nullable: true })
  data_granularity!: 'daily' | 'hourly' | 'raw' | null;
}
