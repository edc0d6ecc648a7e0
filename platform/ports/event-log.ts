/**
 * The event log: partitioned topics, as Apache Kafka keeps them. This port promises only what Kafka promises:
 * order per key and no more, at least once, never exactly once. No adapter may be kinder.
 */

import { AppError } from '../../schema/errors.ts';

/** What a topic is like. Creating one that exists already changes nothing. */
export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  /** `delete`: events older than `retentionMs` go. `compact`: at least the last event of each key stays for ever. */
  readonly cleanup: 'delete' | 'compact';
  readonly retentionMs?: number;
}

/** An event on its way in. Events of one key keep their order; `value: null` is a tombstone under `compact`. */
export interface NewEvent {
  readonly key: string;
  readonly value: Buffer | string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An event as the log holds it. */
export interface LoggedEvent {
  readonly topic: string;
  readonly partition: number;
  /** Grows within a partition; may have holes. */
  readonly offset: number;
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Ms since the epoch: when the producer sent it. */
  readonly timestamp: number;
}

/** Where a consumer group stands in a partition: `committed` is the next offset it will read, `end` the next one written. */
export interface GroupProgress {
  readonly partition: number;
  readonly committed: number;
  readonly end: number;
}

/** Something that reads; closing it ends after the batch in hand, and resolves when no more calls will be made. */
export interface Reader {
  close(): Promise<void>;
}

export interface TailReader extends Reader {
  /** Resolves once every event that was in the topic when the tail began has been handed over. */
  readonly caughtUp: Promise<void>;
}

export interface ConsumeOptions {
  readonly topic: string;
  /** `<consumer>.<purpose>`, such as `content.sync`. A new group starts at the first event. */
  readonly group: string;
  /** Most events in one batch; default 500. */
  readonly maxBatch?: number;
}

export interface TailOptions {
  readonly topic: string;
  /** `start`: all that is in the topic, then live. `now`: only what is published after `tail` resolved. */
  readonly from: 'start' | 'now';
}

export interface ReadOptions {
  readonly topic: string;
  readonly partition: number;
  /** First offset wanted; what retention or compaction removed is passed over. */
  readonly fromOffset: number;
}

export interface EventLog {
  createTopics(specs: readonly TopicSpec[]): Promise<void>;

  /**
   * Resolves when all events are stored durably, in the order given per key. A batch is not atomic.
   * @throws AppError EVENT_TOO_LARGE (over 1,000,000 bytes with key and headers: nothing of the batch was written), UNAVAILABLE
   */
  publish(topic: string, events: readonly NewEvent[]): Promise<void>;

  /**
   * Shares a topic's partitions among all consumers of the group, in this process and others. The handler gets batches of
   * one partition, in order, one at a time per partition. Resolving commits the batch; rejecting, or dying, brings it
   * again (here or elsewhere), so a handler may see an event twice. A handler that rejects is called again after a pause.
   */
  consume(options: ConsumeOptions, handler: (batch: readonly LoggedEvent[]) => Promise<void>): Promise<Reader>;

  /**
   * Hands over every event of the topic to every tail in every process, in order per partition, at least once. The handler
   * must be quick and must not throw.
   */
  tail(options: TailOptions, handler: (event: LoggedEvent) => void): Promise<TailReader>;

  /** The events of one partition from an offset to the end as it is now; a snapshot, not live. */
  read(options: ReadOptions): AsyncIterable<LoggedEvent>;

  /** Where the group stands, a row per partition; `committed` is the start for a group that never committed. */
  progress(group: string, topic: string): Promise<GroupProgress[]>;

  /** Closes all readers, sends what is under way, frees what it holds. Idempotent. */
  close(): Promise<void>;
}

/** Most bytes of one event, with its key and headers: below a broker's default `message.max.bytes`. */
export const MAX_EVENT_BYTES = 1_000_000;

/** Checks a whole batch before anything of it is written. @throws AppError EVENT_TOO_LARGE */
export function assertEventSizes(topic: string, events: readonly NewEvent[]): void {
  for (const { key, value, headers } of events) {
    let sizeBytes = Buffer.byteLength(key) + (value === null ? 0 : Buffer.byteLength(value));
    for (const name in headers) sizeBytes += Buffer.byteLength(name) + Buffer.byteLength(headers[name] ?? '');
    if (sizeBytes > MAX_EVENT_BYTES) {
      throw new AppError(
        'EVENT_TOO_LARGE',
        `${sizeBytes} bytes for topic ${topic}, key ${key.slice(0, 100)}; at most ${MAX_EVENT_BYTES} fit.`,
      );
    }
  }
}
