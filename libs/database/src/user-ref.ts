/** A person whose data is stored: the public id, and the narrow number that every health table carries. */
export interface UserRef {
  /** UUID. */
  readonly id: string;
  readonly key: number;
}
