import pg from 'pg';
import { OperatorProblem } from '#libs/model';

/** The database cannot be used as it is. */
export class DatabaseProblem extends OperatorProblem {}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing accepts connections there',
  ECONNRESET: 'the connection was cut',
  EHOSTUNREACH: 'there is no route to the host',
  EAI_AGAIN: 'the host name cannot be resolved',
  ENOTFOUND: 'the host name does not exist',
  ETIMEDOUT: 'the host does not answer',
  '28000': 'the server refuses this user',
  '28P01': 'the user name or the password is wrong',
  '3D000': 'there is no such database',
  '42501': 'the user lacks the right to do this',
  '53300': 'the server has no free connection',
  '57P03': 'the server is starting or stopping',
};

/** Says in one sentence why `url` cannot be used. */
export function connectionProblem(url: string, error: unknown): DatabaseProblem {
  return new DatabaseProblem(`The database ${describeUrl(url)} is not reachable: ${reasonOf(error)}.`, {
    cause: error,
  });
}

/** `host:port/name` of a database address, nothing secret. */
export function describeUrl(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port || '5432'}${pathname === '/' ? '' : pathname}`;
}

function reasonOf(error: unknown): string {
  // Several addresses of one host were tried.
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string' && code in REASONS) return REASONS[code]!;
  if (error instanceof pg.DatabaseError) return `the server says "${error.message}"`;
  const message = error instanceof Error ? error.message : String(error);
  return /timeout/i.test(message) ? 'the host does not answer' : message;
}
