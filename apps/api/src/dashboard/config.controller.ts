import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CONFIG, type AppConfig } from '#libs/config';
import { DeveloperAccess } from '#libs/identity';
import { Answer, Operation } from '../http/answer.js';
import { ConfigAnswer } from './dashboard.dto.js';

@ApiTags('Internal: Config')
@Controller('config')
@DeveloperAccess()
export class ConfigController {
  constructor(@Inject(CONFIG) private readonly config: Pick<AppConfig, 'outgoingWebhooksEnabled'>) {}

  @Get()
  @Operation('get_config')
  @Answer(ConfigAnswer)
  show(): ConfigAnswer {
    return { outgoing_webhooks_enabled: this.config.outgoingWebhooksEnabled };
  }
}
