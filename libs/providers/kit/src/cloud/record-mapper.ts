import type { JsonObject, SourceIdentity } from '#libs/model';
import type { MappingContext } from './mapping-context.js';
import type { CloudResource } from './resource.js';
import { objectOf } from './vendor-record.js';
import { VendorWriter } from './vendor-writer.js';

type Source = Partial<SourceIdentity>;

/** A mapper as nearly all are: the record is an object, and what it says is written under one source. */
export const recordMapper =
  (
    source: Source | ((record: JsonObject) => Source),
    map: (record: JsonObject, writer: VendorWriter, context: MappingContext) => void,
  ): CloudResource['map'] =>
  (given, batch, context) => {
    const record = objectOf(given);
    map(record, new VendorWriter(batch, context, typeof source === 'function' ? source(record) : source), context);
  };
