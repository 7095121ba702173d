import { Failure } from '#libs/model';

/** Where a field stands: `['body', 'events', 0, 'timestamp']`. */
export type WireLocation = readonly (string | number)[];

/** What is wrong with one value, in the documented words. A value in its own right: readers return it, never throw it. */
export class WireProblem {
  constructor(
    readonly message: string,
    /** Stable machine-readable kind, e.g. `missing`, `int_parsing`. */
    readonly type: string,
    readonly location: WireLocation = [],
  ) {}

  /** The same problem seen from one level further out. */
  under(...outer: WireLocation): WireProblem {
    return new WireProblem(this.message, this.type, [...outer, ...this.location]);
  }
}

/** 400 with the message of the first problem as `detail` and its place in `errors`. */
export class WireFailure extends Failure {
  readonly errors: readonly { loc: WireLocation; msg: string; type: string }[];

  constructor(problem: WireProblem) {
    super(400, problem.message);
    this.name = 'WireFailure';
    this.errors = [{ loc: problem.location, msg: problem.message, type: problem.type }];
  }
}
