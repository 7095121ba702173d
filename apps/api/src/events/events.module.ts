import { Module } from '@nestjs/common';
import { IngestModule } from '#libs/ingest';
import { ReadModule } from '#libs/read';
import { EventRemover } from './event-remover.js';
import { MenstrualCyclesController } from './menstrual-cycles.controller.js';
import { SleepController } from './sleep.controller.js';
import { WorkoutsController } from './workouts.controller.js';

@Module({
  imports: [ReadModule, IngestModule],
  controllers: [WorkoutsController, SleepController, MenstrualCyclesController],
  providers: [EventRemover],
})
export class EventsModule {}
