import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ProviderSettings } from '#libs/cloud';
import { DeveloperAccess, Public } from '#libs/identity';
import { ProviderDesk } from '#libs/sync';
import { Answer, Operation } from '../http/answer.js';
import { ProviderAnswer, ProviderListQuery } from './oauth.dto.js';
import {
  providerChange,
  ProviderChangeBody,
  ProviderNamePath,
  providerStates,
  ProviderStatesBody,
} from './provider-settings.dto.js';

@ApiTags('External: OAuth')
@Controller('oauth/providers')
export class ProviderSettingsController {
  constructor(
    private readonly settings: ProviderSettings,
    private readonly desk: ProviderDesk,
  ) {}

  @Get()
  @Public()
  @Operation('get_providers')
  @Answer([ProviderAnswer])
  list(@Query() query: ProviderListQuery): Promise<ProviderAnswer[]> {
    return this.settings.list(query);
  }

  @Put()
  @DeveloperAccess()
  @Operation('bulk_update_providers')
  @Answer([ProviderAnswer])
  enable(@Body() body: ProviderStatesBody): Promise<ProviderAnswer[]> {
    return this.settings.enable(providerStates(body));
  }

  @Put(':provider')
  @DeveloperAccess()
  @Operation('update_provider_setting')
  @Answer(ProviderAnswer)
  change(@Param() { provider }: ProviderNamePath, @Body() body: ProviderChangeBody): Promise<ProviderAnswer> {
    return this.desk.change(provider, providerChange(body));
  }
}
