import { Body, Controller, Get, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DeveloperAccess } from '#libs/identity';
import { ArchivalSettingsStore, growthClass, StorageReader } from '#libs/ingest';
import { Answer, Operation } from '../http/answer.js';
import {
  ArchivalAnswer,
  archivalAnswer,
  archivalDays,
  ArchivalRunAnswer,
  ArchivalSettingsBody,
} from './archival.dto.js';
import { ArchivalDispatcher } from './archival-dispatcher.js';

@ApiTags('Internal: Data Lifecycle')
@Controller('settings/archival')
@DeveloperAccess()
export class ArchivalController {
  constructor(
    private readonly settings: ArchivalSettingsStore,
    private readonly storage: StorageReader,
    private readonly dispatcher: ArchivalDispatcher,
  ) {}

  @Get()
  @Operation('get_archival_settings')
  @Answer(ArchivalAnswer)
  async show(): Promise<ArchivalAnswer> {
    const days = await this.settings.get();
    return archivalAnswer(days, await this.storage.read(performance.now()), growthClass(days));
  }

  @Put()
  @Operation('update_archival_settings')
  @Answer(ArchivalAnswer)
  async replace(@Body() body: ArchivalSettingsBody): Promise<ArchivalAnswer> {
    await this.settings.replace(archivalDays(body));
    return this.show();
  }

  @Post('run')
  @Operation('trigger_archival', 'Starts archiving now; `GET /tasks/{task_id}` tells what became of it.')
  @Answer(ArchivalRunAnswer, 202)
  async run(): Promise<ArchivalRunAnswer> {
    return { task_id: await this.dispatcher.dispatch(), status: 'dispatched' };
  }
}
