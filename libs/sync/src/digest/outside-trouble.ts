/** Connection failures, exhausted resources, shutdowns, contention: SQLSTATE classes that say nothing about the data. */
const SQL_CLASSES = ['08', '25', '40', '53', '55', '57P', '58'];
const NETWORK_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);
const LOST_CONNECTION =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** Whether an error comes from the database's circumstances and not from what was being stored. */
export function isOutsideTrouble(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return NETWORK_CODES.has(code) || isSqlClass(code);
  return LOST_CONNECTION.test(error.message);
}

const isSqlClass = (code: string): boolean =>
  code.length === 5 && SQL_CLASSES.some((prefix) => code.startsWith(prefix));
