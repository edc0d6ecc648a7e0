/** Logs: readable lines on a terminal, JSON otherwise. */
import { type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import { currentScope } from './request-scope.ts';

/** What is logged for a request carries its id and trace. Never log tokens, secrets or what a user wrote. */
export function createLogger(service: string, level: string, destination?: DestinationStream): Logger {
  const mixin = () => {
    const scope = currentScope();
    return scope ? { requestId: scope.requestId, ...(scope.trace && { traceId: scope.trace.traceId }) } : {};
  };
  const options = { level, base: { service }, timestamp: pino.stdTimeFunctions.isoTime, mixin };
  if (destination) return pino(options, destination);
  if (!process.stdout.isTTY) return pino(options);
  return pino(
    options,
    pretty({ colorize: true, ignore: 'pid,hostname,service', translateTime: 'SYS:HH:MM:ss', sync: true }),
  );
}
