/** Collects the values of a statement that is put together from parts; every part names its values by what `add` gives. */
export class SqlParameters {
  readonly values: unknown[] = [];

  /** The placeholder of the value, e.g. `$3`. */
  add(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}
