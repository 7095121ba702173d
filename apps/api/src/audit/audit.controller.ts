import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AuditReader } from '#libs/audit';
import { DeveloperAccess } from '#libs/identity';
import { Answer, Operation } from '../http/answer.js';
import { AuditPageAnswer, AuditParameters, auditQuery, DataAccessAnswer, DataAccessParameters } from './audit.dto.js';

@ApiTags('Audit')
@Controller('audit')
@DeveloperAccess()
export class AuditController {
  constructor(private readonly reader: AuditReader) {}

  /** Newest first. */
  @Get()
  @Operation('list_audit_entries', 'Every request that changed something or tried to, the newest first.')
  @Answer(AuditPageAnswer)
  async list(@Query() parameters: AuditParameters): Promise<AuditPageAnswer> {
    const { entries, nextCursor } = await this.reader.page(auditQuery(parameters));
    return {
      data: entries,
      pagination: { next_cursor: nextCursor, previous_cursor: null, has_more: nextCursor !== null, total_count: null },
      metadata: { resolution: null, sample_count: entries.length, start_time: null, end_time: null },
    };
  }

  @Get('data-access')
  @Operation('list_data_access', 'How often which caller read or uploaded whose health data, per UTC day.')
  @Answer([DataAccessAnswer])
  dataAccess(@Query() parameters: DataAccessParameters): Promise<DataAccessAnswer[]> {
    return this.reader.accessDays(parameters);
  }
}
