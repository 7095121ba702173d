import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import yazl from 'yazl';

export interface ArchiveForm {
  /** Sizes stand behind the data, as a writer does that does not know them yet. */
  readonly isStreamed?: boolean;
  /** With the fields of archives that are larger than four gigabytes. */
  readonly isLarge?: boolean;
}

/** A ZIP archive of the given files. */
export async function archiveOf(
  files: Readonly<Record<string, Buffer | string>>,
  { isStreamed = false, isLarge = false }: ArchiveForm = {},
): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  const options = { forceZip64Format: isLarge };
  for (const [name, content] of Object.entries(files)) {
    if (isStreamed) zip.addReadStream(Readable.from([Buffer.from(content)]), name, options);
    else zip.addBuffer(Buffer.from(content), name, options);
  }
  zip.end({ ...options, comment: '' });
  return buffer(zip.outputStream as unknown as AsyncIterable<Buffer>);
}
