import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ApiKeys, DeveloperAccess, type DeveloperPrincipal } from '#libs/identity';
import { Answer, Operation } from '../http/answer.js';
import { Caller } from '../http/caller.js';
import { ApiKeyAnswer, apiKeyAnswer, ApiKeyBody, apiKeyFields, ApiKeyPath } from './api-keys.dto.js';

@ApiTags('Internal: API Keys')
@Controller('developer/api-keys')
@DeveloperAccess()
export class ApiKeysController {
  constructor(private readonly keys: ApiKeys) {}

  @Get()
  @Operation('list_api_keys', 'All keys, newest first, by their ids.')
  @Answer([ApiKeyAnswer])
  async list(): Promise<ApiKeyAnswer[]> {
    return (await this.keys.list()).map(apiKeyAnswer);
  }

  @Post()
  @Operation('create_api_key', 'The key itself is in this answer only.')
  @Answer(ApiKeyAnswer, 201)
  async create(@Body() body: ApiKeyBody, @Caller() { id }: DeveloperPrincipal): Promise<ApiKeyAnswer> {
    return apiKeyAnswer(await this.keys.create(apiKeyFields(body), id));
  }

  @Patch(':key_id')
  @Operation('update_api_key', 'Absent fields stay; null keeps name and scopes and clears the expiry.')
  @Answer(ApiKeyAnswer)
  async update(@Param() { keyId }: ApiKeyPath, @Body() body: ApiKeyBody): Promise<ApiKeyAnswer> {
    return apiKeyAnswer(await this.keys.update(keyId, apiKeyFields(body)));
  }

  @Delete(':key_id')
  @Operation('delete_api_key', 'The key stops working at once, in other processes within five seconds.')
  @Answer(ApiKeyAnswer, 200, { description: 'The deleted key' })
  async delete(@Param() { keyId }: ApiKeyPath): Promise<ApiKeyAnswer> {
    return apiKeyAnswer(await this.keys.delete(keyId));
  }

  @Post(':key_id/rotate')
  @Operation('rotate_api_key', 'A new key with the same scopes and expiry; the old one stops working as if deleted.')
  @Answer(ApiKeyAnswer, 201)
  async rotate(@Param() { keyId }: ApiKeyPath, @Caller() { id }: DeveloperPrincipal): Promise<ApiKeyAnswer> {
    return apiKeyAnswer(await this.keys.rotate(keyId, id));
  }
}
