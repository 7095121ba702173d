import { Injectable } from '@nestjs/common';
import { ImportSweep } from '#libs/imports';
import type { JobHandler } from '#libs/queue';

/** Finds imports whose job was lost and files that nobody needs. */
@Injectable()
export class ImportsSweepJob implements JobHandler<'imports.sweep'> {
  readonly job = 'imports.sweep';

  constructor(private readonly sweep: ImportSweep) {}

  async run(): Promise<void> {
    await this.sweep.run(Date.now());
  }
}
