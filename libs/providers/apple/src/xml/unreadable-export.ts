/** The file is no export at all; the message is for whoever sent it. */
export class UnreadableExport extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnreadableExport';
  }
}

/** The file is broken from some place on: what came before it is fine. */
export class BrokenExport extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BrokenExport';
  }
}
