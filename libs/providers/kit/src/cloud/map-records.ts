import type {
  HealthBatch,
  Instant,
  JsonValue,
  ProviderCode,
  RowProblem,
  SeriesCode,
  ZoneOffsetMinutes,
} from '#libs/model';
import { HealthBatchBuilder } from '../health-batch-builder.js';
import { BadRecord, type MappingContext, type Removal } from './mapping-context.js';
import type { CloudResource } from './resource.js';
import type { ProviderEnvironment } from './vendor-request.js';

/** What mapping knows; looked up before, because mappers are pure. */
export interface MappingFacts {
  readonly now: Instant;
  readonly environment: ProviderEnvironment;
  readonly newest?: ReadonlyMap<SeriesCode, number>;
  readonly zoneOffsets?: ReadonlyMap<string, ZoneOffsetMinutes | null>;
  /** Index of the first record among those of the whole run. */
  readonly startIndex?: number;
}

export interface MappedRecords {
  readonly batch: HealthBatch;
  readonly removals: readonly Removal[];
  /** Records, and parts of records, left out, by index. */
  readonly problems: readonly RowProblem[];
}

/** Records of one resource to one batch. A record that cannot be read is a problem; it never takes the others along. */
export function mapRecords(
  provider: ProviderCode,
  resource: CloudResource,
  records: readonly JsonValue[],
  facts: MappingFacts,
): MappedRecords {
  const builder = new HealthBatchBuilder(provider);
  const removals: Removal[] = [];
  const problems: RowProblem[] = [];
  records.forEach((record, position) => {
    const index = (facts.startIndex ?? 0) + position;
    const said: SaidOfRecord = { removals: [], warnings: [] };
    try {
      const context = contextOf(resource, index, facts, said);
      builder.allOrNothing(() => resource.map(record, builder, context));
      removals.push(...said.removals);
      problems.push(...said.warnings);
    } catch (error) {
      problems.push(problemOf(error, resource.name, index));
    }
  });
  return { batch: builder.build(), removals, problems };
}

/** What a mapper says beside what it adds; counts only once the record is through. */
interface SaidOfRecord {
  readonly removals: Removal[];
  readonly warnings: RowProblem[];
}

const contextOf = (
  { name }: CloudResource,
  index: number,
  facts: MappingFacts,
  said: SaidOfRecord,
): MappingContext => ({
  now: facts.now,
  origin: { collection: name, index },
  environment: facts.environment,
  newest: (series) => facts.newest?.get(series) ?? null,
  zoneOffsetOn: (localDate) => facts.zoneOffsets?.get(localDate) ?? null,
  remove: (removal) => void said.removals.push(removal),
  warn: (message, path = null) =>
    void said.warnings.push({ collection: name, index, path, message, severity: 'warning' }),
});

/** A mapper that stumbles over nonsense of the vendor says no more than that; its own words may quote health data. */
const problemOf = (error: unknown, collection: string, index: number): RowProblem => ({
  collection,
  index,
  path: error instanceof BadRecord ? error.path : null,
  message: error instanceof BadRecord ? error.message : 'could not be read',
  severity: 'dropped',
});
