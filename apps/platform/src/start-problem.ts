import { ConfigError } from '#libs/config';
import { DatabaseProblem } from '#libs/database';

/** Something outside the program that keeps it from starting. The message is one sentence for the operator. */
export class StartProblem extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'StartProblem';
  }
}

/** What to tell the operator: a sentence per problem, or everything we know about a fault of our own. */
export function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.mistakes.join('\n');
  if (error instanceof StartProblem || error instanceof DatabaseProblem) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
