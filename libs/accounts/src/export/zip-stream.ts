import { PassThrough, Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import yazl from 'yazl';

/** One file of the archive; its content is asked for when its turn has come. */
export interface ZipEntry {
  readonly name: string;
  readonly content: () => AsyncIterable<string | Buffer>;
}

/**
 * A ZIP that is made while it is read, one entry after the other: what nobody has read yet is not made. When an entry
 * fails or the reader leaves, the stream breaks off instead of looking complete.
 */
export function zipStream(entries: AsyncIterable<ZipEntry>, madeAt: Date): Readable {
  const zip = new yazl.ZipFile();
  const output = new PassThrough();
  zip.outputStream.pipe(output);
  zip.on('error', (error) => output.destroy(error as Error));
  const pump = async (): Promise<void> => {
    for await (const { name, content } of entries) {
      if (output.destroyed) return;
      const source = Readable.from(content(), { objectMode: false });
      const abandon = (): void => void source.destroy();
      output.once('close', abandon);
      zip.addReadStream(source, name, { mtime: madeAt });
      await finished(source);
      output.off('close', abandon);
    }
    zip.end();
  };
  pump().catch((error: unknown) => output.destroy(error as Error));
  return output;
}
