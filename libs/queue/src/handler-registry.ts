import type { JobHandler } from './job-handler.js';
import { JOB_NAMES, type JobName } from './job-table.js';

/**
 * Handlers by the name of their job.
 * @throws Error that names every job without a handler or with more than one
 */
export function handlerRegistry(handlers: readonly JobHandler[]): ReadonlyMap<JobName, JobHandler> {
  const problems = JOB_NAMES.flatMap((name) => {
    const count = handlers.filter(({ job }) => job === name).length;
    return count === 1 ? [] : [`${name} has ${count === 0 ? 'no handler' : `${count} handlers`}`];
  });
  if (problems.length > 0) throw new Error(`Every job needs exactly one handler: ${problems.join(', ')}`);
  return new Map(handlers.map((handler) => [handler.job, handler]));
}
