/** An object that a bucket tells of. */
export interface CreatedObject {
  readonly bucket: string;
  readonly key: string;
  readonly userId: string;
  readonly sizeBytes: number;
  readonly etag: string;
}

export type BucketNotice = { readonly kind: 'test' } | { readonly kind: 'objects'; readonly objects: CreatedObject[] };

type Fields = Readonly<Record<string, unknown>>;

const USER = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** What the text of a notification says; null when it is no notice of a bucket. Records that name no user are left out. */
export function readBucketNotice(text: string): BucketNotice | null {
  const notice = fieldsOf(parsed(text));
  if (notice === null) return null;
  if (notice['Event'] === 's3:TestEvent') return { kind: 'test' };
  const records = notice['Records'];
  if (!Array.isArray(records)) return null;
  return { kind: 'objects', objects: records.flatMap((record) => createdObject(fieldsOf(record)) ?? []) };
}

function createdObject(record: Fields | null): CreatedObject | null {
  const s3 = fieldsOf(record?.['s3']);
  const object = fieldsOf(s3?.['object']);
  const bucket = fieldsOf(s3?.['bucket'])?.['name'];
  const encoded = object?.['key'];
  const eventName = record?.['eventName'];
  if (record?.['eventSource'] !== 'aws:s3' || typeof bucket !== 'string' || typeof encoded !== 'string') return null;
  if (typeof eventName === 'string' && !/^(s3:)?ObjectCreated:/.test(eventName)) return null;
  const key = decodedKey(encoded);
  const parts = key?.split('/') ?? [];
  const userId = parts[0]?.toLowerCase() ?? '';
  if (key === null || parts.length < 3 || !USER.test(userId)) return null;
  const { size, eTag, sequencer } = object!;
  return {
    bucket,
    key,
    userId,
    sizeBytes: typeof size === 'number' && size >= 0 ? Math.trunc(size) : 0,
    etag: textOf(eTag) || textOf(sequencer),
  };
}

/** Keys come as in a form: `+` for a blank, the rest in percent. */
function decodedKey(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const fieldsOf = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
