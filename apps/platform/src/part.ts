import { explain } from './start-problem.js';

/** What the parent asks of a part, by name. */
export interface Question {
  readonly ask: string;
  readonly input: string;
}

/** `problem`: what the operator has to be told, when it could not be done. */
export interface Answer {
  readonly ask: string;
  readonly result?: unknown;
  readonly problem?: string;
}

/**
 * Lets the parent decide when this process does what: it is loaded while the database still starts. A parent that is
 * gone ends the process; once it serves, its own way of stopping does that.
 */
export function answerParent(deeds: Readonly<Record<string, (input: string) => Promise<unknown>>>): void {
  const orphaned = (): never => process.exit(1);
  process.once('disconnect', orphaned);
  process.on('message', ({ ask, input }: Question) => {
    if (ask === 'serve') process.off('disconnect', orphaned);
    const answer = (content: Omit<Answer, 'ask'>): unknown => process.send?.({ ask, ...content });
    deeds[ask]!(input).then(
      (result) => answer({ result }),
      (error: unknown) => answer({ problem: explain(error) }),
    );
  });
}
