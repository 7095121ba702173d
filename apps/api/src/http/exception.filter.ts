import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import { STATUS_CODES } from 'node:http';
import { Failure } from '#libs/model';
import { logger } from '#libs/observability';
import { WireFailure } from './wire/wire-problem.js';

/** Turns whatever was thrown into `{"detail": ...}`. Only failures made for callers keep their text. */
@Catch()
export class ApiExceptionFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const failure = asFailure(error);
    if (failure.status >= 500) logger().error({ err: error }, 'request_failed');
    if (response.headersSent) {
      response.destroy();
      return;
    }
    response.status(failure.status).set(failure.headers);
    response.json({ detail: failure.detail, ...(failure instanceof WireFailure ? { errors: failure.errors } : {}) });
  }
}

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const status = error instanceof HttpException ? error.getStatus() : clientErrorStatus(error);
  if (status === null || status >= 500) return new Failure(500, 'Internal server error');
  return new Failure(status, STATUS_CODES[status] ?? 'Bad Request');
}

/** Express and its router mark what the client did wrong (a path that does not decode, say) with a status. */
function clientErrorStatus(error: unknown): number | null {
  const status = error instanceof Error && 'status' in error ? error.status : null;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null;
}
