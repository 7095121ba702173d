import { VendorError } from '#libs/providers/kit';

/** There is no token that works. `detail` is for callers. */
export class Unconnected extends VendorError {
  constructor(
    readonly detail: string,
    cause?: unknown,
  ) {
    super('unauthorized', detail, { cause });
    this.name = 'Unconnected';
  }
}
