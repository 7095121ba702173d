import { counter, histogram } from '#libs/observability';
import type { AttemptResult } from './delivery.js';

const ATTEMPTS = {
  name: 'webhook_attempts_total',
  help: 'Attempts to deliver a message, by outcome',
  labels: ['outcome'],
} as const;
const SECONDS = {
  name: 'webhook_attempt_seconds',
  help: 'How long endpoints took to answer',
  buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15],
} as const;

export function countAttempts(results: readonly AttemptResult[]): void {
  for (const { isSuccess, statusCode, nextAttemptAt, durationMs } of results) {
    const failure = nextAttemptAt === null ? 'given_up' : statusCode === 0 ? 'no_answer' : 'refused';
    counter(ATTEMPTS).inc({ outcome: isSuccess ? 'delivered' : failure });
    histogram(SECONDS).observe(durationMs / 1000);
  }
}
