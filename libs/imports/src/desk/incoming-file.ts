import { pipeline } from 'node:stream/promises';
import { finished, PassThrough, type Readable, type Transform } from 'node:stream';
import busboy from 'busboy';
import { badRequest, Failure } from '#libs/model';
import { contentEncoding, decoderFor, discardRest, type IncomingBody } from '#libs/sync';
import { LimitedContent, tooLarge } from './limited-content.js';

/** A request that carries a file, unread. */
export interface IncomingFile {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: IncomingBody;
}

export interface ReceivedFile<T> {
  /** As the client wrote it. */
  readonly fileName: string | undefined;
  /** What `keep` made of the content. */
  readonly kept: T;
}

/** Takes the file's content; `fields` are the form fields that came before it. */
export type KeepFile<T> = (content: Readable, fields: ReadonlyMap<string, string>) => Promise<T>;

const MULTIPART = /^multipart\/form-data\b/i;
const FORM_LIMITS = { files: 1, fields: 40, fieldSize: 16 * 1024, parts: 64 };
/** Room for the form around the file. */
const FORM_BYTES = 256 * 1024;
/** So much of a refused upload is read, so that its client reads the answer. */
const DISCARDED_BYTES = 64 * 1024 * 1024;

/**
 * Streams the one file of a request, the part `file` of a form or the body itself, to `keep`.
 * @throws Failure 413 too large, 400 no file, wrong content or cut off, and whatever `keep` throws
 */
export async function receiveFile<T>(
  { headers, body }: IncomingFile,
  maxBytes: number,
  keep: KeepFile<T>,
): Promise<ReceivedFile<T>> {
  try {
    if ((body.declaredBytes ?? 0) > maxBytes + FORM_BYTES) throw tooLarge(maxBytes);
    if (MULTIPART.test(headers['content-type'] ?? '')) return await receiveForm(headers, body.stream, maxBytes, keep);
    return await receiveRaw(body, maxBytes, keep);
  } catch (error) {
    discardRest(body.stream, DISCARDED_BYTES);
    throw error;
  }
}

/** For a request that is refused before its file was looked at. */
export const discardFile = ({ body }: IncomingFile): void => discardRest(body.stream, DISCARDED_BYTES);

async function receiveRaw<T>(body: IncomingBody, maxBytes: number, keep: KeepFile<T>): Promise<ReceivedFile<T>> {
  if (body.declaredBytes === 0) throw badRequest('Field required');
  const encoding = contentEncoding(body.encoding);
  if (encoding === null) throw unreadable();
  const decoder = decoderFor(encoding);
  const source = leftOpen(body.stream);
  const content = decoder === null ? source : chain(source, decoder);
  return { fileName: undefined, kept: await keepLimited(content, maxBytes, new Map(), keep) };
}

function receiveForm<T>(
  headers: IncomingFile['headers'],
  stream: Readable,
  maxBytes: number,
  keep: KeepFile<T>,
): Promise<ReceivedFile<T>> {
  return new Promise((resolve, reject) => {
    const form = openForm(headers);
    const fields = new Map<string, string>();
    let receiving: Promise<ReceivedFile<T>> | null = null;
    const fail = (error: Error): void => {
      stream.unpipe(form);
      stopWatching();
      reject(error);
    };
    const stopWatching = finished(stream, { writable: false }, (error) => {
      if (error) form.destroy(badRequest('The request ended before its body was complete'));
    });
    form.on('field', (name, value) => fields.set(name, value));
    form.on('file', (name, file, info) => {
      if (name !== 'file' || receiving) return void file.resume();
      // Some client libraries give a part without a file name another default; it stays unknown.
      receiving = keepLimited(file, maxBytes, new Map(fields), keep).then((kept) => ({
        fileName: info.filename,
        kept,
      }));
      receiving.catch(fail);
    });
    form.on('error', (error) => fail(error instanceof Failure ? error : unreadable()));
    form.on('close', () => {
      stopWatching();
      if (receiving) receiving.then(resolve, reject);
      else reject(badRequest('Field required'));
    });
    stream.pipe(form);
  });
}

function openForm(headers: IncomingFile['headers']): busboy.Busboy {
  try {
    return busboy({ headers, limits: FORM_LIMITS, defParamCharset: 'utf8' });
  } catch (error) {
    throw new Failure(400, 'There was an error parsing the body', { cause: error });
  }
}

async function keepLimited<T>(
  content: Readable,
  maxBytes: number,
  fields: ReadonlyMap<string, string>,
  keep: KeepFile<T>,
): Promise<T> {
  const limited = new LimitedContent(maxBytes);
  // What is destroyed with an error tells of it once more, when nobody listens any longer.
  for (const stream of [content, limited]) stream.on('error', () => undefined);
  const feeding = pipeline(content, limited);
  const keeping = keep(limited, fields).catch((error: unknown) => {
    limited.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  });
  // Both have ended before anybody is answered: what `keep` undoes is undone by then.
  const [fed, kept] = await Promise.allSettled([feeding, keeping]);
  if (fed.status === 'rejected' && isOfClient(fed.reason)) {
    throw fed.reason instanceof Failure ? fed.reason : unreadable();
  }
  if (kept.status === 'rejected') throw kept.reason;
  if (fed.status === 'rejected') throw fed.reason;
  return kept.value;
}

/** Whether the content is to blame, and not where it is kept: a form or a packed body that ends too early or is none. */
function isOfClient(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return (
    error instanceof Failure || /^Unexpected end of/.test(String(message)) || /^(Z_|ERR__ERROR)/.test(String(code))
  );
}

/** The request itself must stay open for the answer, whatever becomes of reading it. */
function leftOpen(stream: Readable): PassThrough {
  const copy = new PassThrough();
  finished(stream, { writable: false }, (error) => {
    if (error) copy.destroy(badRequest('The request ended before its body was complete'));
  });
  copy.on('close', () => stream.unpipe(copy));
  return stream.pipe(copy);
}

function chain(source: Readable, decoder: Transform): Readable {
  source.on('error', (error) => decoder.destroy(error));
  decoder.on('close', () => source.destroy());
  return source.pipe(decoder);
}

const unreadable = (): Failure => badRequest('There was an error parsing the body');
