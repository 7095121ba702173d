/** What is seen from outside: structured logs, the context of a request, and metrics. */
export { configureLogging, logger, type LogSettings } from './logger.js';
export { counter, gauge, histogram, metricsRegistry, startProcessMetrics } from './metrics.js';
export { NestLogger } from './nest-logger.js';
export { redact, redactText } from './redact.js';
export { currentContext, requestContext, type RequestContext } from './request-context.js';
export { API_FLAGS, growHeapSlowly } from './slow-heap.js';
export { stopWhenTold } from './stop-when-told.js';
