import { describe, expect, it } from '@jest/globals';
import { handlerRegistry } from './handler-registry.js';
import type { JobHandler } from './job-handler.js';
import { JOB_NAMES, type JobName } from './job-table.js';

const handler = (job: JobName): JobHandler => ({ job, run: () => Promise.resolve() });

describe('handlerRegistry', () => {
  it('finds the handler of every job', () => {
    const registry = handlerRegistry(JOB_NAMES.map(handler));
    expect([...registry.keys()].sort()).toEqual([...JOB_NAMES].sort());
    for (const name of JOB_NAMES) expect(registry.get(name)?.job).toBe(name);
  });

  it('names the jobs that nobody or too many would run', () => {
    const handlers = [...JOB_NAMES.filter((name) => name !== 'inbox.sweep'), 'inbox.digest' as const].map(handler);
    expect(() => handlerRegistry(handlers)).toThrow(
      'Every job needs exactly one handler: inbox.digest has 2 handlers, inbox.sweep has no handler',
    );
  });
});
