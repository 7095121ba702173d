import { Module } from '@nestjs/common';
import { ImportDeskModule } from '#libs/imports';
import { AppleImportsController } from './apple-imports.controller.js';
import { SnsController } from './sns.controller.js';
import { UploadsController } from './uploads.controller.js';

@Module({ imports: [ImportDeskModule], controllers: [AppleImportsController, UploadsController, SnsController] })
export class ImportsModule {}
