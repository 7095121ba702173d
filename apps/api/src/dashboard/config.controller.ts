import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DeveloperAccess } from '#libs/identity';
import { Answer, Operation } from '../http/answer.js';
import { ConfigAnswer } from './dashboard.dto.js';

/** This release delivers no webhooks. */
const CONFIGURATION: ConfigAnswer = { outgoing_webhooks_enabled: false };

@ApiTags('Internal: Config')
@Controller('config')
@DeveloperAccess()
export class ConfigController {
  @Get()
  @Operation('get_config')
  @Answer(ConfigAnswer)
  show(): ConfigAnswer {
    return CONFIGURATION;
  }
}
