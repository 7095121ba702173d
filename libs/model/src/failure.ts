/**
 * A failure the caller may be told about: an HTTP status and the public text of `{"detail": ...}`.
 * Everything else that is thrown answers 500 without its text.
 */
export class Failure extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    options?: { cause?: unknown; headers?: Readonly<Record<string, string>> },
  ) {
    super(detail, { cause: options?.cause });
    this.name = 'Failure';
    this.headers = options?.headers ?? {};
  }

  readonly headers: Readonly<Record<string, string>>;
}

export const notFound = (detail: string): Failure => new Failure(404, detail);
export const badRequest = (detail: string): Failure => new Failure(400, detail);
export const conflict = (detail: string): Failure => new Failure(409, detail);
