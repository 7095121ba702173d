import type { LoggerService } from '@nestjs/common';
import { logger } from './logger.js';

/** Nest's own report of how it puts the application together: dozens of lines at every start. */
const ASSEMBLY = new Set(['InstanceLoader', 'NestApplication', 'NestFactory', 'RouterExplorer', 'RoutesResolver']);

type Level = 'info' | 'error' | 'warn' | 'debug' | 'trace' | 'fatal';

/** What Nest and its modules log, as lines of our log. Pass to `NestFactory.create(..., { logger: new NestLogger() })`. */
export class NestLogger implements LoggerService {
  log(message: unknown, ...rest: unknown[]): void {
    write(ASSEMBLY.has(String(rest.at(-1))) ? 'debug' : 'info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    write('fatal', message, rest);
  }
}

/** Nest passes the name of the speaking class last, and for errors the stack before it. */
function write(level: Level, message: unknown, rest: readonly unknown[]): void {
  const texts = rest.filter((item) => typeof item === 'string');
  const context = texts.at(-1);
  const stack = texts.length > 1 ? texts[0] : undefined;
  const error = [message, ...rest].find((item) => item instanceof Error);
  logger()[level](
    {
      ...(context === undefined ? {} : { context }),
      ...(stack === undefined ? {} : { stack }),
      ...(error ? { error } : {}),
    },
    asText(message),
  );
}

function asText(message: unknown): string {
  if (typeof message === 'string') return message;
  return message instanceof Error ? message.message : JSON.stringify(message);
}
