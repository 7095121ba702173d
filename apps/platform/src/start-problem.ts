import { ConfigError } from '#libs/config';
import { OperatorProblem } from '#libs/model';

/** What keeps the platform from starting. */
export class StartProblem extends OperatorProblem {}

/** What to tell the operator: a sentence per problem, or everything we know about a fault of our own. */
export function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.mistakes.join('\n');
  if (error instanceof OperatorProblem) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
