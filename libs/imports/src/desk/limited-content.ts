import { Transform } from 'node:stream';
import { badRequest, Failure } from '#libs/model';

const ZIP = 'PK\u0003\u0004';
const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf';
const SNIFFED_BYTES = 64;

/** Passes a file on while it is not too large and begins as XML or as an archive. @throws Failure 413, 400 */
export class LimitedContent extends Transform {
  private bytes = 0;
  private head = Buffer.alloc(0);

  constructor(private readonly maxBytes: number) {
    super();
  }

  override _transform(
    chunk: Buffer,
    _encoding: BufferEncoding,
    done: (error?: Error | null, data?: Buffer) => void,
  ): void {
    this.bytes += chunk.length;
    if (this.bytes > this.maxBytes) return done(tooLarge(this.maxBytes));
    if (this.head.length < SNIFFED_BYTES) {
      this.head = Buffer.concat([this.head, chunk.subarray(0, SNIFFED_BYTES - this.head.length)]);
      if (this.head.length === SNIFFED_BYTES && !isExport(this.head)) return done(wrongContent());
    }
    done(null, chunk);
  }

  override _flush(done: (error?: Error | null) => void): void {
    if (this.bytes === 0) done(badRequest('The file is empty'));
    else done(isExport(this.head) ? null : wrongContent());
  }
}

function isExport(head: Buffer): boolean {
  const text = head.toString('latin1');
  return text.startsWith(ZIP) || text.replace(BYTE_ORDER_MARK, '').trimStart().startsWith('<');
}

export const tooLarge = (maxBytes: number): Failure =>
  new Failure(413, `Request body too large: at most ${maxBytes} bytes`);
const wrongContent = (): Failure => badRequest('The file is neither XML nor a ZIP archive');
