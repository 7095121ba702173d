import { Controller, Delete, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Connections } from '#libs/accounts';
import { RequireScope } from '#libs/identity';
import { Answer, Operation } from '../http/answer.js';
import { connectable, UserPath, UserProviderPath } from '../http/paths.dto.js';
import { ConnectionAnswer } from './connections.dto.js';

@ApiTags('External: Connections')
@Controller('users/:user_id/connections')
export class ConnectionsController {
  constructor(private readonly connections: Connections) {}

  @Get()
  @RequireScope('data:read')
  @Operation('get_connections_endpoint')
  @Answer([ConnectionAnswer])
  list(@Param() { userId }: UserPath): Promise<ConnectionAnswer[]> {
    return this.connections.list(userId);
  }

  @Delete(':provider')
  @RequireScope('connections:write')
  @Operation('disconnect_provider_endpoint')
  @Answer(null, 204)
  disconnect(@Param() { userId, provider }: UserProviderPath): Promise<void> {
    return this.connections.disconnect(userId, connectable(provider));
  }

  @Delete(':provider/data')
  @RequireScope('connections:write')
  @Operation('delete_provider_data_endpoint')
  @Answer(null, 204)
  eraseData(@Param() { userId, provider }: UserProviderPath): Promise<void> {
    return this.connections.eraseData(userId, connectable(provider));
  }
}
