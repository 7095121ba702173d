import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Priorities } from '#libs/accounts';
import { DeveloperAccess } from '#libs/identity';
import { Answer, Operation } from '../http/answer.js';
import {
  DeviceTypePrioritiesBody,
  DeviceTypePriorityAnswer,
  DeviceTypePriorityListAnswer,
  DeviceTypePriorityPath,
  PriorityBody,
  ProviderPrioritiesBody,
  ProviderPriorityAnswer,
  ProviderPriorityListAnswer,
  ProviderPriorityPath,
} from './priorities.dto.js';

/** Which sources win for all users. */
@ApiTags('Internal: Priorities')
@Controller('priorities')
@DeveloperAccess()
export class PrioritiesController {
  constructor(private readonly priorities: Priorities) {}

  @Get('providers')
  @Operation('get_provider_priorities')
  @Answer(ProviderPriorityListAnswer)
  async providers(): Promise<ProviderPriorityListAnswer> {
    return { items: await this.priorities.providers() };
  }

  @Put('providers')
  @Operation('bulk_update_priorities')
  @Answer(ProviderPriorityListAnswer)
  async setProviders(@Body() { priorities }: ProviderPrioritiesBody): Promise<ProviderPriorityListAnswer> {
    const changes = priorities.map(({ provider, priority }) => ({ key: provider, priority }));
    return { items: await this.priorities.setProviders(changes) };
  }

  @Put('providers/:provider')
  @Operation('update_provider_priority')
  @Answer(ProviderPriorityAnswer)
  setProvider(
    @Param() { provider }: ProviderPriorityPath,
    @Body() { priority }: PriorityBody,
  ): Promise<ProviderPriorityAnswer> {
    return this.priorities.setProvider(provider, priority);
  }

  @Get('device-types')
  @Operation('get_device_type_priorities')
  @Answer(DeviceTypePriorityListAnswer)
  async deviceTypes(): Promise<DeviceTypePriorityListAnswer> {
    return { items: await this.priorities.deviceTypes() };
  }

  @Put('device-types')
  @Operation('bulk_update_device_type_priorities')
  @Answer(DeviceTypePriorityListAnswer)
  async setDeviceTypes(@Body() { priorities }: DeviceTypePrioritiesBody): Promise<DeviceTypePriorityListAnswer> {
    const changes = priorities.map(({ deviceType, priority }) => ({ key: deviceType, priority }));
    return { items: await this.priorities.setDeviceTypes(changes) };
  }

  @Put('device-types/:device_type')
  @Operation('update_device_type_priority')
  @Answer(DeviceTypePriorityAnswer)
  setDeviceType(
    @Param() { deviceType }: DeviceTypePriorityPath,
    @Body() { priority }: PriorityBody,
  ): Promise<DeviceTypePriorityAnswer> {
    return this.priorities.setDeviceType(deviceType, priority);
  }
}
