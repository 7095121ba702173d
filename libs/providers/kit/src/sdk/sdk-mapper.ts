import type { HealthBatch, RowProblem } from '#libs/model';
import type { SdkUploadChunk } from '../upload/upload-reader.js';
import { MappingContext } from './mapping-context.js';
import type { SdkDialect } from './sdk-dialect.js';
import { mapRecords } from './sdk-records.mapper.js';
import { mapSleep } from './sdk-sleep.mapper.js';
import { mapWorkouts } from './sdk-workout.mapper.js';

export interface SdkMapping {
  readonly batch: HealthBatch;
  /** Items dropped, and fields ignored, by index in their collection. */
  readonly problems: readonly RowProblem[];
  /** How many items, by type, are of a kind that is not stored: no mistake of the sender. */
  readonly skipped: Readonly<Record<string, number>>;
}

const MAPPERS = { records: mapRecords, sleep: mapSleep, workouts: mapWorkouts };

/** Maps what the mobile SDK uploads, one chunk at a time, to health records. Pure: equal chunks give equal batches. */
export class SdkMapper {
  constructor(private readonly dialect: SdkDialect) {}

  map(chunk: SdkUploadChunk): SdkMapping {
    const context = new MappingContext(this.dialect, chunk.collection);
    MAPPERS[chunk.collection](chunk.items, chunk.startIndex, context);
    return { batch: context.builder.build(), problems: context.problems, skipped: context.skipped };
  }
}
