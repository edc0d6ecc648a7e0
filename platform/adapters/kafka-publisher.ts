/**
 * Sends events to Kafka, idempotently and acknowledged by all replicas. One request is under way at a time; what is published
 * meanwhile for one topic goes together in the next, so order holds and many small publishes cost few round trips.
 */
import { type Message, Partitioners, type Producer } from 'kafkajs';
import { AppError } from '../../schema/errors.ts';
import { MAX_EVENT_BYTES, type NewEvent } from '../ports/event-log.ts';
import { withTimeout } from '../ports/timeout.ts';
import { disconnect, type KafkaConnection, retryTransient } from './kafka-connection.ts';

const ALL_REPLICAS = -1;
/** kafkajs's own retries cannot be stopped; ours can (`#sendUntilStored`). */
const SINGLE_RETRY = { initialRetryTime: 100, maxRetryTime: 200, factor: 0.2, multiplier: 2, retries: 1 } as const;
const ACK_MS = 10_000;
/** One send is tried again for this long: longer than a broker's restart. */
const SEND_MS = 8_000;
/** Longest wait of a publisher, its place in the queue included. */
const PUBLISH_MS = 15_000;
const CLOSE_MS = 5_000;
/** Waiting to be sent, at most; more is refused. */
const MAX_WAITING_BYTES = 64_000_000;
/** A record's own bytes beside key, value and headers, at most. */
const RECORD_OVERHEAD_BYTES = 40;
const HEADER_OVERHEAD_BYTES = 8;

/** At most one request's worth of one `publish`. */
interface Piece {
  readonly topic: string;
  readonly messages: readonly Message[];
  readonly sizeBytes: number;
  readonly sent: PromiseWithResolvers<void>;
}

export class KafkaPublisher {
  readonly #connection: KafkaConnection;
  #waiting: Piece[] = [];
  #waitingBytes = 0;
  #pump: Promise<void> | undefined;
  #producer: Promise<Producer> | undefined;

  constructor(connection: KafkaConnection) {
    this.#connection = connection;
  }

  /** @throws AppError UNAVAILABLE: some events may be stored all the same */
  async publish(topic: string, events: readonly NewEvent[]): Promise<void> {
    const pieces = toPieces(this.#connection.name(topic), events);
    const sizeBytes = pieces.reduce((sum, piece) => sum + piece.sizeBytes, 0);
    if (this.#waitingBytes > 0 && this.#waitingBytes + sizeBytes > MAX_WAITING_BYTES) {
      throw this.#connection.unavailable(`is too slow: ${this.#waitingBytes} bytes wait to be sent.`);
    }
    this.#waiting.push(...pieces);
    this.#waitingBytes += sizeBytes;
    this.#pump ??= this.#sendAll();
    try {
      await withTimeout(Promise.all(pieces.map(({ sent }) => sent.promise)), PUBLISH_MS);
    } catch (cause) {
      this.#forget(pieces);
      if (cause instanceof AppError) throw cause;
      throw this.#connection.unavailable(`did not take events for ${topic} within ${PUBLISH_MS} ms.`, cause);
    }
  }

  /** What was given up must not be sent later. */
  #forget(pieces: readonly Piece[]): void {
    const given = new Set(pieces);
    this.#waiting = this.#waiting.filter((piece) => !given.has(piece));
    this.#waitingBytes = this.#waiting.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }

  /** Sends what waits, then lets go of the connection. */
  async close(): Promise<void> {
    await this.#pump;
    await this.#dropProducer();
  }

  async #sendAll(): Promise<void> {
    await Promise.resolve(); // publishes of this turn go together
    while (this.#waiting.length > 0) await this.#sendSome(this.#takeOneRequest());
    this.#pump = undefined;
  }

  /** The first piece and those of its topic that fit with it; the order within each topic stays. */
  #takeOneRequest(): Piece[] {
    const topic = this.#waiting[0]?.topic;
    const taken: Piece[] = [];
    const left: Piece[] = [];
    let sizeBytes = 0;
    let isFull = false;
    for (const piece of this.#waiting) {
      const isNext: boolean = piece.topic === topic && !isFull;
      isFull ||= isNext && taken.length > 0 && sizeBytes + piece.sizeBytes > MAX_EVENT_BYTES;
      if (isNext && !isFull) {
        taken.push(piece);
        sizeBytes += piece.sizeBytes;
      } else {
        left.push(piece);
      }
    }
    this.#waiting = left;
    this.#waitingBytes -= sizeBytes;
    return taken;
  }

  /** Never rejects: the publishers are told. */
  async #sendSome(pieces: readonly Piece[]): Promise<void> {
    const topic = pieces[0]?.topic ?? '';
    const messages = pieces.flatMap((piece) => piece.messages);
    try {
      await this.#sendUntilStored(topic, messages);
      for (const { sent } of pieces) sent.resolve();
    } catch (cause) {
      const error = this.#toAppError(topic, cause);
      // Those that wait would overtake these or wait as long for the same failure: their publishers are told now.
      const rest = this.#waiting;
      this.#waiting = [];
      this.#waitingBytes = 0;
      for (const { sent } of [...pieces, ...rest]) sent.reject(error);
      // The broker may have stored these under their sequence numbers; it would take the next events, under the same
      // numbers, for repeats and drop them. A new producer has an identity of its own.
      await this.#dropProducer();
    }
  }

  /**
   * Tries again for a while, with the same producer and the same messages, so that the broker knows a repeat. An attempt is
   * always waited for: one that was left alone could store its events after later ones.
   */
  #sendUntilStored(topic: string, messages: Message[]): Promise<void> {
    return retryTransient(async () => {
      const producer = await this.#connectedProducer();
      await producer.send({ topic, messages, acks: ALL_REPLICAS, timeout: ACK_MS });
    }, SEND_MS);
  }

  #toAppError(topic: string, cause: unknown): AppError {
    const { message } = cause as Error;
    this.#connection.logger.warn({ err: cause, topic }, 'events not sent');
    if (/message.*too large|larger than the max/i.test(message)) {
      return new AppError('EVENT_TOO_LARGE', `Kafka said of topic ${topic}: ${message}`, { cause });
    }
    return this.#connection.unavailable(`did not take events for ${topic}: ${message}.`, cause);
  }

  /** @throws what kafkajs throws; the next call connects anew */
  #connectedProducer(): Promise<Producer> {
    this.#producer ??= (async () => {
      const producer = this.#connection.client(SINGLE_RETRY).producer({
        idempotent: true,
        maxInFlightRequests: 1,
        createPartitioner: Partitioners.DefaultPartitioner,
        retry: SINGLE_RETRY,
      });
      await producer.connect();
      return producer;
    })().catch((error) => {
      this.#producer = undefined;
      throw error;
    });
    return this.#producer;
  }

  async #dropProducer(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    if (producer) await withTimeout(disconnect(producer), CLOSE_MS).catch(() => undefined);
  }
}

/** Cut so that each fits a broker's largest record batch, even if all its events fall into one partition. */
function toPieces(topic: string, events: readonly NewEvent[]): Piece[] {
  const pieces: Piece[] = [];
  const timestamp = String(Date.now());
  let messages: Message[] = [];
  let sizeBytes = 0;
  const cut = (): void => {
    if (messages.length > 0) pieces.push({ topic, messages, sizeBytes, sent: Promise.withResolvers() });
    messages = [];
    sizeBytes = 0;
  };
  for (const { key, value, headers } of events) {
    const bytes = typeof value === 'string' ? Buffer.from(value) : value;
    let eventBytes = RECORD_OVERHEAD_BYTES + Buffer.byteLength(key) + (bytes?.byteLength ?? 0);
    for (const name in headers)
      eventBytes += HEADER_OVERHEAD_BYTES + Buffer.byteLength(name) + Buffer.byteLength(headers[name] ?? '');
    if (sizeBytes + eventBytes > MAX_EVENT_BYTES) cut();
    messages.push({ key, value: bytes, headers: { ...headers }, timestamp });
    sizeBytes += eventBytes;
  }
  cut();
  return pieces;
}
