import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { Failure } from '#libs/model';
import { shownFileName, uploadKey } from './file-name.js';
import { receiveFile, type IncomingFile, type ReceivedFile } from './incoming-file.js';

const BOUNDARY = 'b0undary';
const FORM = `multipart/form-data; boundary=${BOUNDARY}`;
const part = (disposition: string, content: string): string =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${content}\r\n`;
const fileOf = (content: string): string => part('name="file"; filename="export.xml"', content);
const END = `--${BOUNDARY}--\r\n`;

function incoming(stream: Readable, contentType?: string, encoding?: string): IncomingFile {
  return { headers: { 'content-type': contentType }, body: { stream, encoding, declaredBytes: null } };
}
/** Byte by byte, as a slow client sends. */
const slowly = (bytes: string | Buffer): Readable =>
  Readable.from([...Buffer.from(bytes)].map((byte) => Buffer.from([byte])));
const receive = (file: IncomingFile, maxBytes = 1000): Promise<ReceivedFile<string>> =>
  receiveFile(file, maxBytes, (content, fields) => text(content).then((kept) => [...fields.keys(), kept].join('|')));

describe('receiveFile', () => {
  it('takes the file of a form with the fields before it', async () => {
    const form = part('name="key"', 'k') + fileOf('<a/>') + part('name="late"', 'l') + END;
    expect(await receive(incoming(slowly(form), FORM))).toEqual({ fileName: 'export.xml', kept: 'key|<a/>' });
  });

  it('takes a plain and a packed body', async () => {
    expect((await receive(incoming(slowly('\n<a/>')))).kept).toBe('\n<a/>');
    expect((await receive(incoming(slowly(gzipSync('<a/>')), undefined, 'gzip'))).kept).toBe('<a/>');
    expect((await receive(incoming(slowly('\ufeff<a/>')))).kept).toContain('<a/>');
  });

  const abroken = (content: string): Readable => {
    const stream = new PassThrough();
    stream.write(content);
    setImmediate(() => stream.destroy());
    return stream;
  };
  it.each<[string, IncomingFile, number, string]>([
    ['a form that ends too early', incoming(slowly(fileOf('<a/>').slice(0, -10)), FORM), 400, 'There was an error'],
    ['a form without a file', incoming(slowly(part('name="x"', 'y') + END), FORM), 400, 'Field required'],
    ['another file', incoming(slowly(part('name="a"; filename="b"', '<a/>') + END), FORM), 400, 'Field required'],
    ['a client that goes away in a form', incoming(abroken(fileOf('<a')), FORM), 400, ''],
    ['a client that goes away', incoming(abroken('<a')), 400, 'The request ended before'],
    ['an unknown encoding', incoming(slowly('<a/>'), undefined, 'zstd'), 400, 'There was an error'],
    ['a body that is not packed as it says', incoming(slowly('<a/>'), undefined, 'gzip'), 400, 'There was an error'],
    ['too much', incoming(slowly(`<a>${' '.repeat(2000)}`)), 413, 'at most 1000 bytes'],
    ['too much after unpacking', incoming(slowly(gzipSync(`<a>${' '.repeat(2000)}`)), undefined, 'gzip'), 413, ''],
    ['other content', incoming(slowly('%PDF-1.7')), 400, 'neither XML nor a ZIP'],
    ['nothing', incoming(slowly('')), 400, 'The file is empty'],
  ])('refuses %s', async (_name, file, status, detail) => {
    const error = await receive(file).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Failure);
    expect(error).toMatchObject({ status, detail: expect.stringContaining(detail) as unknown });
  });

  it('passes on what goes wrong where the file is kept', async () => {
    const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
    const fails = (): Promise<never> => Promise.reject(full);
    await expect(receiveFile(incoming(slowly(fileOf('<a/>') + END), FORM), 1000, fails)).rejects.toBe(full);
    await expect(receiveFile(incoming(slowly('<a/>')), 1000, fails)).rejects.toBe(full);
  });
});

describe('names of files', () => {
  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\ann\\export.zip', 'export.zip'],
    ['ex\u0000port\u202e.xml', 'export.xml'],
    [undefined, 'upload.xml'],
    ['/', 'upload.xml'],
    ['x'.repeat(300), 'x'.repeat(200)],
  ])('%j is shown as %j', (name, shown) => expect(shownFileName(name)).toBe(shown));

  it.each([
    ['my export.xml', 'u/raw/i-myexport.xml'],
    ['../a/b.xml', 'u/raw/i-..ab.xml'],
    ['äöü', 'u/raw/i.xml'],
    ['...', 'u/raw/i.xml'],
  ])('%j is uploaded as %j', (name, key) => expect(uploadKey('u', 'i', name)).toBe(key));
});
