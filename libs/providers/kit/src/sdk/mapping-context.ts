import { parseZoneOffset, type Origin, type RowProblem, type ZoneOffsetMinutes } from '#libs/model';
import { cleanText } from '../clean-text.js';
import { HealthBatchBuilder } from '../health-batch-builder.js';
import type { SdkCollection } from '../upload/upload-scanner.js';
import type { Flaw } from './field-reader.js';
import type { SdkDialect } from './sdk-dialect.js';
import { MESSAGE } from './sdk-messages.js';
import { SdkSourceReader, type SourceUse } from './sdk-source.js';

const MAX_TYPE_LENGTH = 100;
const NO_TYPE = '(none)';

/** What the mappers of one chunk share: the batch being built and the notes about its items. */
export class MappingContext {
  readonly builder: HealthBatchBuilder;
  readonly problems: RowProblem[] = [];
  private readonly sources: SdkSourceReader;
  private readonly skippedTypes = new Map<string, number>();

  constructor(
    readonly dialect: SdkDialect,
    private readonly collection: SdkCollection,
  ) {
    this.builder = new HealthBatchBuilder(dialect.provider);
    this.sources = new SdkSourceReader((identity) => this.builder.source(identity));
  }

  origin(index: number): Origin {
    return { collection: this.collection, index };
  }

  drop(index: number, { path, message }: Flaw): void {
    this.problems.push({ collection: this.collection, index, path, message, severity: 'dropped' });
  }

  warn(index: number, path: string, message: string): void {
    this.problems.push({ collection: this.collection, index, path, message, severity: 'warning' });
  }

  /** Counts an item that nothing stores. */
  skip(type: string | null): void {
    const key = cleanText(type, MAX_TYPE_LENGTH) ?? NO_TYPE;
    this.skippedTypes.set(key, (this.skippedTypes.get(key) ?? 0) + 1);
  }

  get skipped(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.skippedTypes);
  }

  /** Null, and the item noted as dropped, when the source object does not fit. */
  source(index: number, raw: unknown): SourceUse | null {
    const { use, flaw } = this.sources.read(raw);
    if (flaw) this.drop(index, flaw);
    return use;
  }

  /** A malformed offset counts as unknown and is noted. */
  zoneOffset(index: number, text: string | null): ZoneOffsetMinutes | null {
    const offset = parseZoneOffset(text);
    if (offset === undefined) this.warn(index, 'zoneOffset', MESSAGE.zone);
    return offset ?? null;
  }
}
