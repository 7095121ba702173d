import { counter, histogram } from '#libs/observability';
import { OutboundError } from './outbound-error.js';
import type { HostClass } from './outbound-policy.js';

const REQUESTS = {
  name: 'outbound_requests_total',
  help: 'Requests to other hosts by class of host and outcome (class of status, or why there was no answer)',
  labels: ['host_class', 'outcome'],
} as const;
const SECONDS = {
  name: 'outbound_request_seconds',
  help: 'How long requests to other hosts took',
  labels: ['host_class'],
  buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
} as const;

/** Counts one request and how long it took. */
export async function observeRequest<T extends { readonly status: number }>(
  hostClass: HostClass,
  work: () => Promise<T>,
): Promise<T> {
  const stop = histogram(SECONDS).startTimer({ host_class: hostClass });
  let outcome = 'network';
  try {
    const answer = await work();
    outcome = `${Math.floor(answer.status / 100)}xx`;
    return answer;
  } catch (error) {
    if (error instanceof OutboundError) outcome = error.reason;
    throw error;
  } finally {
    stop();
    counter(REQUESTS).inc({ host_class: hostClass, outcome });
  }
}
