import type { Request, RequestHandler, Response } from 'express';
import { currentContext, histogram, logger } from '#libs/observability';
import { redactTarget } from './redact.js';

export type AccessLogLevel = 'all' | 'errors' | 'off';

const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** One log line and one measurement per request, when its answer is through or the client has gone. */
export function requestLog(level: AccessLogLevel): RequestHandler {
  const durations = histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer, by method, route template and status',
    labels: ['method', 'route', 'status'],
    buckets: BUCKETS_SECONDS,
  });
  return (request, response, next) => {
    const startedMs = performance.now();
    const context = currentContext();
    response.once('close', () => {
      const durationMs = performance.now() - startedMs;
      const labels = { method: request.method, route: routeOf(request), status: String(response.statusCode) };
      durations.observe(labels, durationMs / 1000);
      if (isLogged(level, response.statusCode)) write(request, response, durationMs, context.requestId);
    });
    next();
  };
}

/** The template of the route, so that ids do not make a series each. */
function routeOf(request: Request): string {
  const route = request.route as { path?: unknown } | undefined;
  return typeof route?.path === 'string' ? route.path : 'unmatched';
}

const isLogged = (level: AccessLogLevel, status: number): boolean =>
  level === 'all' || (level === 'errors' && status >= 400);

function write(request: Request, response: Response, durationMs: number, requestId: string | null): void {
  const status = response.statusCode;
  const length = Number(request.headers['content-length']);
  const entry = {
    request_id: requestId,
    provider: null,
    method: request.method,
    path: redactTarget(request.originalUrl),
    status,
    duration_ms: Math.round(durationMs * 10) / 10,
    ...(Number.isFinite(length) ? { request_bytes: length } : {}),
    ...(response.writableFinished ? {} : { aborted: true }),
    ...(status >= 400 ? errorDetails(request) : {}),
  };
  logger()[status >= 400 ? 'error' : 'info'](entry, 'http_request');
}

function errorDetails(request: Request): Record<string, string> {
  const { 'content-type': type, 'content-encoding': encoding } = request.headers;
  return { ...(type ? { content_type: type } : {}), ...(encoding ? { content_encoding: encoding } : {}) };
}
