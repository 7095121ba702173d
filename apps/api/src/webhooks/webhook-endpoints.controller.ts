import { Body, Controller, Delete, Get, Param, Patch, Post, Req, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { RequireScope } from '#libs/identity';
import { Endpoints } from '#libs/webhooks';
import { Answer, Operation } from '../http/answer.js';
import { EndpointOwner } from './endpoint-owner.js';
import {
  EndpointAnswer,
  EndpointChangesBody,
  EndpointPath,
  EndpointStatsAnswer,
  NewEndpointBody,
  SecretAnswer,
  SecretRotationBody,
} from './webhook-endpoints.dto.js';
import { SWITCHED_OFF } from './switched-off.js';
import { WebhooksEnabledGuard } from './webhooks-enabled.guard.js';

/** Where events are sent to. A developer sees the own endpoints alone. */
@ApiTags('External: Webhooks')
@Controller('webhooks/endpoints')
@RequireScope('webhooks:write')
@UseGuards(WebhooksEnabledGuard)
export class WebhookEndpointsController {
  constructor(
    private readonly endpoints: Endpoints,
    private readonly owner: EndpointOwner,
  ) {}

  @Post()
  @Operation('create_endpoint')
  @Answer(EndpointAnswer, 201, { errors: { ...SWITCHED_OFF, 409: 'Too many endpoints' } })
  async create(@Req() request: Request, @Body() body: NewEndpointBody): Promise<EndpointAnswer> {
    const { url, description, filterTypes, userId } = body;
    return this.endpoints.create(await this.owner.of(request), {
      url,
      description: description ?? '',
      filterTypes: filterTypes ?? null,
      userId: userId ?? null,
    });
  }

  @Get()
  @Operation('list_endpoints', 'Newest first.')
  @Answer([EndpointAnswer], 200, { errors: SWITCHED_OFF })
  async list(@Req() request: Request): Promise<EndpointAnswer[]> {
    return this.endpoints.list(await this.owner.of(request));
  }

  @Get(':endpoint_id')
  @Operation('get_endpoint')
  @Answer(EndpointAnswer, 200, { errors: SWITCHED_OFF })
  async show(@Req() request: Request, @Param() { endpointId }: EndpointPath): Promise<EndpointAnswer> {
    return this.endpoints.get(await this.owner.of(request), endpointId);
  }

  @Patch(':endpoint_id')
  @Operation('update_endpoint')
  @Answer(EndpointAnswer, 200, { errors: SWITCHED_OFF })
  async update(
    @Req() request: Request,
    @Param() { endpointId }: EndpointPath,
    @Body() { url, description, filterTypes, userId, disabled }: EndpointChangesBody,
  ): Promise<EndpointAnswer> {
    const changes = { filterTypes, userId, url: url ?? undefined, description: description ?? undefined };
    return this.endpoints.update(await this.owner.of(request), endpointId, {
      ...changes,
      disabled: disabled ?? undefined,
    });
  }

  @Delete(':endpoint_id')
  @Operation('delete_endpoint')
  @Answer(null, 204, { errors: SWITCHED_OFF })
  async delete(@Req() request: Request, @Param() { endpointId }: EndpointPath): Promise<void> {
    await this.endpoints.delete(await this.owner.of(request), endpointId);
  }

  @Get(':endpoint_id/stats')
  @Operation('get_endpoint_stats', 'How deliveries to this endpoint go.')
  @Answer(EndpointStatsAnswer, 200, { errors: SWITCHED_OFF })
  async stats(@Req() request: Request, @Param() { endpointId }: EndpointPath): Promise<EndpointStatsAnswer> {
    return this.endpoints.stats(await this.owner.of(request), endpointId);
  }

  @Get(':endpoint_id/secret')
  @Operation('get_endpoint_secret')
  @Answer(SecretAnswer, 200, { errors: SWITCHED_OFF })
  async secret(@Req() request: Request, @Param() { endpointId }: EndpointPath): Promise<SecretAnswer> {
    return { key: await this.endpoints.secret(await this.owner.of(request), endpointId) };
  }

  @Post(':endpoint_id/secret/rotate')
  @Operation('rotate_endpoint_secret', 'The former secret signs beside the new one for 24 hours.')
  @Answer(SecretAnswer, 200, { errors: SWITCHED_OFF })
  async rotate(
    @Req() request: Request,
    @Param() { endpointId }: EndpointPath,
    @Body() { key }: SecretRotationBody,
  ): Promise<SecretAnswer> {
    return { key: await this.endpoints.rotateSecret(await this.owner.of(request), endpointId, key ?? undefined) };
  }
}
