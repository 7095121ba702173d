/** Something outside the program that keeps it from working. The message is one sentence for the operator, no secrets. */
export class OperatorProblem extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}
