import { pino, stdTimeFunctions, type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import { errorEntry } from './error-entry.js';
import { redact, redactText } from './redact.js';
import { currentContext } from './request-context.js';

export interface LogSettings {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  /** Which process speaks, for example `api`. */
  readonly service: string;
}

const OPTIONS: LoggerOptions = {
  messageKey: 'message',
  errorKey: 'error',
  timestamp: () => stdTimeFunctions.isoTime().replace('"time"', '"timestamp"'),
  formatters: {
    level: (level) => ({ level }),
    log: (entry) => redact(entry) as Record<string, unknown>,
  },
  hooks: {
    logMethod(args, method) {
      const clean = args.map((arg: unknown) => (typeof arg === 'string' ? redactText(arg) : arg));
      method.apply(this, clean as typeof args);
    },
  },
  serializers: { error: errorEntry, err: errorEntry },
  mixin: () => {
    const { requestId, actor } = currentContext();
    return { ...(requestId === null ? {} : { request_id: requestId }), ...(actor === null ? {} : { actor }) };
  },
};

let current: Logger = pino({ ...OPTIONS, level: 'info', base: {} });

/** The process's logger: `logger().info({ user_id }, 'upload_accepted')` writes one JSON line to standard output. */
export const logger = (): Logger => current;

/** Sets level and service name of everything logged from now on. `destination` is standard output unless given. */
export function configureLogging(settings: LogSettings, destination?: DestinationStream): Logger {
  const options = { ...OPTIONS, level: settings.level, base: { service: settings.service, pid: process.pid } };
  current = destination ? pino(options, destination) : pino(options);
  return current;
}
