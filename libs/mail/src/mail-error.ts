const UNREACHABLE = new Set(['ECONNECTION', 'ECONNREFUSED', 'ESOCKET', 'EDNS', 'ETIMEDOUT', 'ETLS']);

/** Why a mail was not sent: no answer from the server, our login refused, or this mail refused. */
export type MailTrouble = 'unreachable' | 'unauthorized' | 'refused';

/** A mail that the server did not take. The server's own words are in the cause alone. */
export class MailError extends Error {
  readonly reason: MailTrouble;

  constructor(cause: unknown) {
    const reason = troubleOf(cause);
    super(`The mail was not sent: ${reason}.`, { cause });
    this.name = 'MailError';
    this.reason = reason;
  }
}

function troubleOf(cause: unknown): MailTrouble {
  const code = String((cause as { readonly code?: unknown }).code);
  if (UNREACHABLE.has(code)) return 'unreachable';
  return ['EAUTH', 'ENOAUTH', 'EOAUTH2'].includes(code) ? 'unauthorized' : 'refused';
}
