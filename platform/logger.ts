/** Logs: readable lines on a terminal, JSON otherwise. */
import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

/** Never log tokens, secrets or what a user wrote. */
export function createLogger(service: string, level: string): Logger {
  const options = { level, base: { service }, timestamp: pino.stdTimeFunctions.isoTime };
  if (!process.stdout.isTTY) return pino(options);
  return pino(
    options,
    pretty({ colorize: true, ignore: 'pid,hostname,service', translateTime: 'SYS:HH:MM:ss', sync: true }),
  );
}
