/**
 * A member of a consumer group on Kafka: the handler's outcome decides what is committed, never a timer. A batch that fails
 * puts its partition to rest for a while; the others go on. Times: ms.
 */
import { setTimeout as pauseFor } from 'node:timers/promises';
import type { EachBatchPayload } from 'kafkajs';
import type { LoggedEvent, Reader } from '../ports/event-log.ts';
import { isTransient, type KafkaConnection, toLogged } from './kafka-connection.ts';
import { HEARTBEAT_MS, KafkaConsumer } from './kafka-consumer.ts';

/** Pause before a failed batch is tried again; doubles up to the second. */
const RETRY_MS = [100, 5_000] as const;
/** Partitions whose handlers may run at the same time. */
const CONCURRENCY = 8;
const COMMIT_TRIES = 3;
const COMMIT_RETRY_MS = 200;

export interface GroupReaderOptions {
  readonly topic: string;
  readonly group: string;
  readonly maxBatch: number;
  readonly handler: (batch: readonly LoggedEvent[]) => Promise<void>;
}

export class KafkaGroupReader implements Reader {
  readonly #connection: KafkaConnection;
  readonly #options: GroupReaderOptions;
  readonly #consumer: KafkaConsumer;
  /** By partition: how often the batch at its head has failed. */
  readonly #failures = new Map<number, number>();
  readonly #rests = new Set<NodeJS.Timeout>();
  readonly #handling = new Set<Promise<void>>();
  #closed: Promise<void> | undefined;

  constructor(connection: KafkaConnection, options: GroupReaderOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#consumer = new KafkaConsumer(connection, { groupId: connection.name(options.group) });
  }

  /** Joins the group. @throws AppError UNAVAILABLE */
  async start(): Promise<this> {
    try {
      await this.#consumer.subscribe(this.#connection.name(this.#options.topic));
    } catch (cause) {
      await this.close();
      throw this.#connection.unavailable(`did not let ${this.#options.group} in: ${(cause as Error).message}.`, cause);
    }
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: CONCURRENCY,
      eachBatch: (payload) => this.#handleFetched(payload),
    });
    return this;
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    for (const rest of this.#rests) clearTimeout(rest);
    const closing = this.#consumer.close(); // no new batches from here on
    await Promise.all(this.#handling); // however long that takes
    await closing;
  }

  /** What one fetch brought of a partition, `maxBatch` at a time. */
  async #handleFetched({
    batch,
    resolveOffset,
    heartbeat,
    pause,
    isStale,
    ...runner
  }: EachBatchPayload): Promise<void> {
    const { maxBatch, topic } = this.#options;
    for (let at = 0; at < batch.messages.length; at += maxBatch) {
      if (this.#consumer.isClosed || !runner.isRunning() || isStale()) return;
      const messages = batch.messages.slice(at, at + maxBatch);
      const lastOffset = messages.at(-1)?.offset ?? batch.lastOffset();
      const events = messages.map((message) => toLogged(topic, batch.partition, message));
      if (!(await this.#handle(events, heartbeat))) {
        if (!this.#consumer.isClosed) this.#rest(batch.partition, pause());
        return;
      }
      const offset = String(BigInt(lastOffset) + 1n);
      const commit = { topics: [{ topic: batch.topic, partitions: [{ partition: batch.partition, offset }] }] };
      await this.#commit(() => runner.commitOffsetsIfNecessary(commit));
      resolveOffset(lastOffset);
    }
  }

  /** Whether the handler took the events. The group is kept informed while it works. */
  async #handle(events: readonly LoggedEvent[], heartbeat: () => Promise<void>): Promise<boolean> {
    const partition = events[0]?.partition ?? 0;
    // A heartbeat that fails, as when another member has come, is left to kafkajs: it beats again right after this batch.
    const beat = setInterval(() => void heartbeat().catch(() => undefined), HEARTBEAT_MS);
    const handled = Promise.withResolvers<void>();
    this.#handling.add(handled.promise);
    try {
      await this.#options.handler(events);
      this.#failures.delete(partition);
      return true;
    } catch (error) {
      const { group, topic } = this.#options;
      this.#failures.set(partition, (this.#failures.get(partition) ?? 0) + 1);
      this.#connection.logger.warn(
        { err: error, group, topic, partition, fromOffset: events[0]?.offset },
        'batch failed',
      );
      return false;
    } finally {
      clearInterval(beat);
      handled.resolve();
      this.#handling.delete(handled.promise);
    }
  }

  /** Leaves a partition alone for a while after a failure. */
  #rest(partition: number, resume: () => void): void {
    const failures = this.#failures.get(partition) ?? 1;
    const restMs = Math.min(RETRY_MS[0] * 2 ** (failures - 1), RETRY_MS[1]);
    const rest = setTimeout(() => {
      this.#rests.delete(rest);
      resume();
    }, restMs);
    this.#rests.add(rest);
  }

  /** @throws what kafkajs throws: it then joins the group again, and the batch comes again, here or elsewhere */
  async #commit(commit: () => Promise<void>): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        await commit();
        return;
      } catch (error) {
        if (!isTransient(error) || tries === COMMIT_TRIES) throw error;
        await pauseFor(COMMIT_RETRY_MS);
      }
    }
  }
}
