import { Module } from '@nestjs/common';
import { CloudModule } from '#libs/cloud';
import { ErasuresRepository } from './erasures.repository.js';
import { UserEraser } from './user-eraser.js';

/** What the worker needs. Expects the storage in the application. */
@Module({ imports: [CloudModule], providers: [ErasuresRepository, UserEraser], exports: [UserEraser] })
export class ErasureModule {}
