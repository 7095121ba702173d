import { Controller, Get, Res, ServiceUnavailableException } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { HealthCheckService, HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import type { Response } from 'express';
import { Public } from '#libs/identity';
import { Answer, Operation } from '../http/answer.js';
import { LiveAnswer, ReadyAnswer } from './health.dto.js';
import { PARTS, Readiness } from './readiness.js';

@ApiTags('External: Meta')
@Controller('health')
@Public()
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly readiness: Readiness,
  ) {}

  /** The process answers; nothing else is looked at. */
  @Get('live')
  @Operation('health_live')
  @Answer(LiveAnswer)
  live(): LiveAnswer {
    return { status: 'ok' };
  }

  /** Every part that requests and uploads need; 503 names those that do not work. */
  @Get('ready')
  @Operation('health_ready')
  @Answer(ReadyAnswer)
  @ApiResponse({ status: 503, type: ReadyAnswer, description: 'At least one part does not work' })
  async ready(@Res({ passthrough: true }) response: Response): Promise<ReadyAnswer> {
    const parts = await this.readiness.check();
    const checks = PARTS.map((part) => (): HealthIndicatorResult => {
      const indicator = this.indicators.check(part);
      return parts[part] ? indicator.up() : indicator.down();
    });
    try {
      return await this.health.check(checks);
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      response.status(503);
      return error.getResponse() as ReadyAnswer;
    }
  }
}
