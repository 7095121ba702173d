import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '#libs/identity';
import { Answer, Operation } from '../http/answer.js';
import { Shown } from '../http/shown.js';

class ServiceAnswer {
  @Shown.oneOf(['ok'])
  status!: 'ok';

  @Shown.text()
  service!: string;
}

/** Addresses that vendors were once told to look at. */
@ApiTags('External: Vendor Webhooks')
@Controller()
@Public()
export class LegacyWebhooksController {
  @Get('oura/webhooks/health')
  @Operation('oura_webhook_health')
  @Answer(ServiceAnswer)
  oura(): ServiceAnswer {
    return { status: 'ok', service: 'oura-webhooks' };
  }

  @Get(['strava/webhooks/health', 'strava/webhook/health'])
  @Operation('strava_webhook_health')
  @Answer(ServiceAnswer)
  strava(): ServiceAnswer {
    return { status: 'ok', service: 'strava-webhooks' };
  }
}
