/** The event log on Apache Kafka, through kafkajs; live reading through graphql-kafkajs-subscriptions. */
import { AppError } from '../../schema/errors.ts';
import {
  assertEventSizes,
  type ConsumeOptions,
  type EventLog,
  type GroupProgress,
  type LoggedEvent,
  type NewEvent,
  type Reader,
  type ReadOptions,
  type TailOptions,
  type TailReader,
  type TopicSpec,
} from '../ports/event-log.ts';
import { KafkaConnection, type KafkaOptions } from './kafka-connection.ts';
import { KafkaGroupReader } from './kafka-group-reader.ts';
import { KafkaPublisher } from './kafka-publisher.ts';
import { readPartition } from './kafka-reading.ts';
import { KafkaTail } from './kafka-tail.ts';

const DEFAULT_MAX_BATCH = 500;

export class KafkaEventLog implements EventLog {
  readonly #connection: KafkaConnection;
  readonly #publisher: KafkaPublisher;
  readonly #readers = new Set<Reader>();
  #closed: Promise<void> | undefined;

  private constructor(connection: KafkaConnection) {
    this.#connection = connection;
    this.#publisher = new KafkaPublisher(connection);
  }

  /** @throws AppError UNAVAILABLE within about 5 s, naming the brokers, when none answers */
  static async open(options: KafkaOptions): Promise<KafkaEventLog> {
    const connection = new KafkaConnection(options);
    await connection.open();
    return new KafkaEventLog(connection);
  }

  async createTopics(specs: readonly TopicSpec[]): Promise<void> {
    this.#assertOpen();
    await this.#connection.createTopics(specs);
  }

  async publish(topic: string, events: readonly NewEvent[]): Promise<void> {
    this.#assertOpen();
    assertEventSizes(topic, events);
    if (events.length === 0) return;
    await this.#connection.ensureTopic(topic);
    await this.#publisher.publish(topic, events);
  }

  async consume(
    { topic, group, maxBatch = DEFAULT_MAX_BATCH }: ConsumeOptions,
    handler: (batch: readonly LoggedEvent[]) => Promise<void>,
  ): Promise<Reader> {
    this.#assertOpen();
    await this.#connection.ensureTopic(topic);
    const reader = new KafkaGroupReader(this.#connection, { topic, group, maxBatch, handler });
    return this.#started(reader);
  }

  async tail({ topic, from }: TailOptions, handler: (event: LoggedEvent) => void): Promise<TailReader> {
    this.#assertOpen();
    await this.#connection.ensureTopic(topic);
    return this.#started(new KafkaTail(this.#connection, { topic, from, handler }));
  }

  async *read(options: ReadOptions): AsyncIterable<LoggedEvent> {
    this.#assertOpen();
    await this.#connection.ensureTopic(options.topic);
    yield* readPartition(this.#connection, options);
  }

  async progress(group: string, topic: string): Promise<GroupProgress[]> {
    this.#assertOpen();
    await this.#connection.ensureTopic(topic);
    const name = this.#connection.name(topic);
    return this.#connection.admin('tell where a group stands', async (admin) => {
      const [ends, groups] = await Promise.all([
        admin.fetchTopicOffsets(name),
        admin.fetchOffsets({ groupId: this.#connection.name(group), topics: [name] }),
      ]);
      const committed = new Map(groups[0]?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
      return ends
        .map(({ partition, low, high }) => {
          const offset = committed.get(partition) ?? -1;
          return { partition, committed: offset < 0 ? Number(low) : offset, end: Number(high) };
        })
        .sort((a, b) => a.partition - b.partition);
    });
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    await Promise.all([...this.#readers].map((reader) => reader.close()));
    await this.#publisher.close();
    await this.#connection.close();
  }

  /** Starts the reader; it is closed with the log, unless it is closed before. */
  async #started<R extends Reader & { start(): Promise<R> }>(reader: R): Promise<R> {
    const close = reader.close.bind(reader);
    reader.close = async () => {
      await close();
      this.#readers.delete(reader);
    };
    this.#readers.add(reader);
    try {
      return await reader.start();
    } catch (error) {
      this.#readers.delete(reader);
      throw error;
    }
  }

  #assertOpen(): void {
    if (this.#closed) throw new AppError('UNAVAILABLE', 'The event log is closed.');
  }
}
