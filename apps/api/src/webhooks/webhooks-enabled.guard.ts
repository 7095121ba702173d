import { Inject, Injectable, type CanActivate } from '@nestjs/common';
import { CONFIG, type AppConfig } from '#libs/config';
import { Failure } from '#libs/model';

const DISABLED = 'Outgoing webhooks are not enabled (set OUTGOING_WEBHOOKS_ENABLED=true in the backend environment).';

/** 503 where webhooks are switched off: after the credentials, before the body is looked at. */
@Injectable()
export class WebhooksEnabledGuard implements CanActivate {
  constructor(@Inject(CONFIG) private readonly config: Pick<AppConfig, 'outgoingWebhooksEnabled'>) {}

  canActivate(): boolean {
    if (!this.config.outgoingWebhooksEnabled) throw new Failure(503, DISABLED);
    return true;
  }
}
