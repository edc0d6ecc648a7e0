/**
 * Consuming with a dead-letter topic: what cannot be read, or makes its handler fail however often it is tried, goes to
 * `<topic>.dlq` with its original bytes and the reason, and never blocks its partition. What fails because something else
 * is down is not the event's fault: it is delivered again until it works. Dead letters are stored before the batch is
 * committed, so one may be there twice, never not at all.
 */
import type { Logger } from 'pino';
import { AppError } from '../schema/errors.ts';
import { deadLettersOf } from '../schema/events/topics.ts';
import { deadLetters } from './metrics.ts';
import {
  type ConsumeOptions,
  type EventLog,
  type LoggedEvent,
  MAX_EVENT_BYTES,
  type NewEvent,
  type Reader,
} from './ports/event-log.ts';
import { REQUEST_ID } from './request-scope.ts';
import { nextTurn } from './turns.ts';

const MAX_TRIES = 3;
/** Events parsed between which requests are served. */
const SLICE = 200;
const MAX_REASON_LENGTH = 1_000;
/** Kept free beside a cut value for key, reason and position. */
const CUT_MARGIN_BYTES = 10_000;

export interface ValidatedEvent<T> {
  readonly event: T;
  readonly logged: LoggedEvent;
}

export interface ConsumeValidatedOptions<T> extends ConsumeOptions {
  readonly log: EventLog;
  /** A zod schema, or anything whose `parse` throws on a value of another shape. */
  readonly schema: { parse(json: unknown): T };
  readonly logger: Logger;
}

/** An event given up, and why. */
interface DeadLetter {
  readonly logged: LoggedEvent;
  readonly reason: string;
}

/**
 * As `EventLog.consume`, with events parsed and dead letters taken care of. A handler gets at least one event; it may reject:
 * a retryable failure brings the batch again; after any other its events are tried one by one, `MAX_TRIES` times each.
 */
export function consumeValidated<T>(
  { log, schema, logger, ...options }: ConsumeValidatedOptions<T>,
  handler: (events: readonly ValidatedEvent<T>[]) => Promise<void>,
): Promise<Reader> {
  return log.consume(options, async (batch) => {
    const dead: DeadLetter[] = [];
    const events: ValidatedEvent<T>[] = [];
    for (let at = 0; at < batch.length; at += SLICE) {
      if (at > 0) await nextTurn();
      for (const logged of batch.slice(at, at + SLICE)) {
        try {
          events.push({ event: schema.parse(readJson(logged.value)), logged });
        } catch (error) {
          dead.push({ logged, reason: toReason(error) });
        }
      }
    }
    if (events.length > 0) dead.push(...(await handle(events, handler, logger)));
    if (dead.length > 0) await bury(log, options.topic, dead, logger); // last: a batch that comes again leaves none twice
  });
}

/** Which events must be given up. @throws what is worth another delivery of the whole batch */
async function handle<T>(
  events: readonly ValidatedEvent<T>[],
  handler: (events: readonly ValidatedEvent<T>[]) => Promise<void>,
  logger: Logger,
): Promise<DeadLetter[]> {
  try {
    await handler(events);
    return [];
  } catch (error) {
    if (isWorthRetrying(error)) throw error;
    const topic = events[0]?.logged.topic;
    logger.warn({ err: error, topic, events: events.length }, 'batch failed; trying its events one by one');
  }
  const dead: DeadLetter[] = [];
  for (const event of events) {
    const failure = await handleAlone(event, handler);
    if (failure !== undefined) dead.push({ logged: event.logged, reason: `handler: ${toReason(failure)}` });
  }
  return dead;
}

/** The last failure when every try failed. */
async function handleAlone<T>(
  event: ValidatedEvent<T>,
  handler: (events: readonly ValidatedEvent<T>[]) => Promise<void>,
): Promise<unknown> {
  let failure: unknown;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    try {
      await handler([event]);
      return undefined;
    } catch (error) {
      if (isWorthRetrying(error)) throw error;
      failure = error ?? new Error('rejected without an error');
    }
  }
  return failure;
}

/** Failures of what lies behind the handler, not of the event: by the names that drivers and Node give them. */
const OUTAGES: ReadonlySet<string> = new Set([
  'AbortError',
  'TimeoutError',
  'MongoExpiredSessionError',
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoNotConnectedError',
  'MongoOperationTimeoutError',
  'MongoPoolClearedError',
  'MongoServerClosedError',
  'MongoServerSelectionError',
  'MongoTopologyClosedError',
  'MongoWaitQueueTimeoutError',
]);
const SYSTEM_ERRORS = /^(E[A-Z]{3,}|ERR_SQLITE_ERROR)$/;
const TRANSIENT_LABELS = ['RetryableWriteError', 'TransientTransactionError'];

/** Whether the same event may do better later. */
export function isWorthRetrying(error: unknown): boolean {
  if (error instanceof AppError) return error.retryable;
  if (!(error instanceof Error)) return false;
  const { name, code, cause } = error as Error & { code?: unknown };
  if (OUTAGES.has(name)) return true;
  if (typeof code === 'string' && SYSTEM_ERRORS.test(code)) return true;
  const { hasErrorLabel } = error as { hasErrorLabel?: (label: string) => boolean }; // the MongoDB driver's errors
  if (TRANSIENT_LABELS.some((label) => hasErrorLabel?.call(error, label))) return true;
  return cause !== undefined && cause !== error && isWorthRetrying(cause);
}

/** Strict: a byte that is not UTF-8 must not become a replacement character and pass. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

function readJson(value: Buffer | null): unknown {
  if (value === null) throw new AppError('EVENT_INVALID', 'It has no value.');
  return JSON.parse(utf8.decode(value));
}

/** One line: of a schema's findings, the path and message of each. */
function toReason(error: unknown): string {
  const { issues, message } = error as {
    issues?: readonly { path: PropertyKey[]; message: string }[];
    message?: string;
  };
  const text = issues
    ? issues.map((issue) => `${issue.path.map(String).join('.') || 'event'}: ${issue.message}`).join('; ')
    : (message ?? String(error));
  return text.slice(0, MAX_REASON_LENGTH);
}

async function bury(log: EventLog, topic: string, dead: readonly DeadLetter[], logger: Logger): Promise<void> {
  const letters = dead.map(toLetter);
  try {
    await log.publish(deadLettersOf(topic), letters);
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'EVENT_TOO_LARGE')) throw error;
    await log.publish(deadLettersOf(topic), letters.map(cut)); // some was as large as the log takes, without the reason
  }
  deadLetters.inc({ topic }, dead.length);
  for (const { logged, reason } of dead) {
    const { partition, offset, headers } = logged;
    logger.error(
      { topic, partition, offset, reason, requestId: headers[REQUEST_ID] },
      'event given up: it is in the dead-letter topic',
    );
  }
}

function toLetter({ logged, reason }: DeadLetter): NewEvent {
  return {
    key: logged.key ?? '',
    value: logged.value,
    headers: {
      ...logged.headers,
      dlq_reason: reason,
      dlq_topic: logged.topic,
      dlq_partition: String(logged.partition),
      dlq_offset: String(logged.offset),
    },
  };
}

/** What fits: the rest of the value is still in the source topic, at the offset given. */
function cut({ key, value, headers = {} }: NewEvent): NewEvent {
  const { dlq_reason = '', dlq_topic = '', dlq_partition = '', dlq_offset = '' } = headers;
  const maxBytes = MAX_EVENT_BYTES - CUT_MARGIN_BYTES;
  const bytes = value === null ? null : Buffer.from(value);
  return {
    key: key.slice(0, MAX_REASON_LENGTH),
    value: bytes?.subarray(0, maxBytes) ?? null,
    headers: {
      dlq_reason,
      dlq_topic,
      dlq_partition,
      dlq_offset,
      ...(bytes && bytes.length > maxBytes ? { dlq_cut_from_bytes: String(bytes.length) } : {}),
    },
  };
}
