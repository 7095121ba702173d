import type { SdkMapper, SdkMapping } from '#libs/providers/kit';
import { mergeBatches } from './merge-batches.js';
import type { UploadPart } from './upload-parts.js';
import { addTotals } from './upload-progress.js';

/** The part as one batch, and everything its chunks had to say. */
export function mapPart(mapper: SdkMapper, [first, ...others]: UploadPart): SdkMapping {
  const head = mapper.map(first);
  const tail = others.map((chunk) => mapper.map(chunk));
  return {
    batch: mergeBatches([head.batch, ...tail.map(({ batch }) => batch)]),
    problems: [head, ...tail].flatMap(({ problems }) => problems),
    skipped: tail.reduce((sum, { skipped }) => addTotals(sum, Object.entries(skipped)), head.skipped),
  };
}
