import { setImmediate as nextTurn } from 'node:timers/promises';
import { badRequest } from '#libs/model';
import { checkEnvelope, type EnvelopeFacts } from '../sdk/sdk-envelope.js';
import { countItems, DEFAULT_LIMITS, type ItemCounts } from './upload-reader.js';
import { scanUpload, type Slice } from './upload-scanner.js';

export interface UploadFacts extends EnvelopeFacts {
  readonly counts: ItemCounts;
}

/**
 * Checks that a body is a well-formed upload of a supported provider, letting other work run between its chunks.
 * @throws MalformedJson for anything that is no JSON; Failure 400 when it is no object or of another provider.
 */
export async function checkUpload(body: Buffer): Promise<UploadFacts> {
  const slices: Slice[] = [];
  const scan = scanUpload(body, DEFAULT_LIMITS);
  let step = scan.next();
  for (; !step.done; step = scan.next()) {
    slices.push(step.value);
    await nextTurn();
  }
  const { envelope, live } = step.value;
  if (typeof envelope !== 'object' || envelope === null || Array.isArray(envelope)) {
    throw badRequest('Input should be a valid dictionary');
  }
  return { ...checkEnvelope(envelope), counts: countItems(slices.filter((s) => live.get(s.collection) === s.array)) };
}
