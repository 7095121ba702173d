import { Module } from '@nestjs/common';
import { CloudModule } from '#libs/cloud';
import { IngestModule } from '#libs/ingest';
import { ConnectionsRepository } from './connections/connections.repository.js';
import { Connections } from './connections/connections.service.js';
import { Priorities } from './priorities/priorities.service.js';
import { UserPriorities } from './priorities/user-priorities.service.js';
import { ErasuresRepository } from './erasure/erasures.repository.js';
import { Erasures } from './erasure/erasures.service.js';
import { UserExport } from './export/user-export.js';
import { UsersRepository } from './users/users.repository.js';
import { Users } from './users/users.service.js';

/** Expects `ProvidersModule.forRoot(...)` and the database in the application. */
@Module({
  imports: [CloudModule, IngestModule],
  providers: [
    Users,
    UsersRepository,
    Connections,
    ConnectionsRepository,
    Priorities,
    UserPriorities,
    Erasures,
    ErasuresRepository,
    UserExport,
  ],
  exports: [Users, UserExport, Erasures, Connections, Priorities, UserPriorities],
})
export class AccountsModule {}
