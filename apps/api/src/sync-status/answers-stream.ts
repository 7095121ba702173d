import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { Answer } from '../http/answer.js';

/** The answer is a stream of server-sent events; errors are as everywhere. */
export const AnswersStream = (): MethodDecorator =>
  applyDecorators(
    Answer(null, 200, { errors: { 503: 'Too many open streams, or the process is ending' } }),
    ApiResponse({
      status: 200,
      description: 'Server-sent events',
      content: { 'text/event-stream': { schema: { type: 'string' } } },
    }),
  );
