import type { Origin, RowProblem } from '#libs/model';

/** Collects what could not be stored, under the index its sender knows it by. */
export class ProblemLog {
  readonly problems: RowProblem[] = [];

  /** The record is not stored. */
  dropped(origin: Origin, path: string | null, message: string): void {
    this.add(origin, path, message, 'dropped');
  }

  /** The record is stored without the named field. */
  warning(origin: Origin, path: string, message: string): void {
    this.add(origin, path, message, 'warning');
  }

  private add({ collection, index }: Origin, path: string | null, message: string, severity: RowProblem['severity']) {
    this.problems.push({ collection, index, path, message, severity });
  }
}
