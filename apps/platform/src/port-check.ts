import { createServer } from 'node:net';
import { StartProblem } from './start-problem.js';

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there',
  EACCES: 'this user may not listen there',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no such host',
};

/** @throws StartProblem when nobody could listen on `port` of `host` now */
export function assertPortIsFree(variable: string, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      const reason = REASONS[error.code ?? ''] ?? error.message;
      reject(new StartProblem(`${variable} ${port} cannot be used on ${host}: ${reason}.`, { cause: error }));
    });
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}
