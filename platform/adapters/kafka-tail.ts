/**
 * A live reader of a whole topic on Kafka, through graphql-kafkajs-subscriptions. That library gives every process of a prefix
 * the same group id, starts wherever the group stands, drops the partition, filters by a `channel` header and cannot be
 * closed. It asks for only two things of kafkajs, a producer and a consumer; so it is given ones that mend all this.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { KafkaPubSub } from 'graphql-kafkajs-subscriptions';
import type { Consumer, EachMessagePayload, IHeaders, Kafka, KafkaMessage, Producer } from 'kafkajs';
import { AppError } from '../../schema/errors.ts';
import type { LoggedEvent, TailReader } from '../ports/event-log.ts';
import { type KafkaConnection, toLogged } from './kafka-connection.ts';
import { deleteGroup, KafkaConsumer } from './kafka-consumer.ts';

/** A message as it passes through the library, with what the library would drop. */
type TailMessage = Extract<KafkaMessage, { headers: IHeaders }> & { readonly logged: LoggedEvent };

interface Cursor {
  /** The end when the tail began. */
  readonly target: number;
  next: number;
}

export interface TailOptions {
  readonly topic: string;
  readonly from: 'start' | 'now';
  readonly handler: (event: LoggedEvent) => void;
}

export class KafkaTail implements TailReader {
  readonly caughtUp: Promise<void>;
  readonly #connection: KafkaConnection;
  readonly #options: TailOptions;
  readonly #groupId: string;
  readonly #consumer: KafkaConsumer;
  readonly #cursors = new Map<number, Cursor>();
  readonly #catchingUp = Promise.withResolvers<void>();
  /** Until then messages wait: the library drops those that come before its `subscribe`. */
  readonly #subscribed = Promise.withResolvers<void>();
  #closed: Promise<void> | undefined;

  constructor(connection: KafkaConnection, options: TailOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#groupId = connection.name(
      ['tail', options.topic, connection.clientId, hostname(), process.pid, randomUUID()].join('.'),
    );
    this.#consumer = new KafkaConsumer(connection, { groupId: this.#groupId });
    this.caughtUp = this.#catchingUp.promise;
    this.caughtUp.catch(() => undefined); // who does not wait for it need not handle its failure
  }

  /** Resolves when it is sure to get every later event. @throws AppError UNAVAILABLE */
  async start(): Promise<this> {
    const topic = this.#connection.name(this.#options.topic);
    try {
      await this.#setStart(topic);
      const pubSub = await KafkaPubSub.create({
        kafka: this.#facade(),
        topic,
        consumerConfig: { groupId: this.#groupId },
      });
      await pubSub.subscribe(topic, (message) => this.#give((message as TailMessage).logged));
      this.#subscribed.resolve();
    } catch (cause) {
      await this.close();
      if (cause instanceof AppError) throw cause;
      throw this.#connection.unavailable(`did not begin to send ${topic}: ${(cause as Error).message}.`, cause);
    }
    return this;
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    this.#subscribed.resolve();
    await this.#consumer.close();
    this.#catchingUp.reject(new AppError('UNAVAILABLE', `The reader of ${this.#options.topic} was closed.`));
    await deleteGroup(this.#connection, this.#groupId);
  }

  /** From here on it is known what belongs to this tail. */
  async #setStart(topic: string): Promise<void> {
    const offsets = await this.#connection.admin('tell the end of a topic', (admin) => admin.fetchTopicOffsets(topic));
    for (const { partition, low, high } of offsets) {
      const next = Number(this.#options.from === 'now' ? high : low);
      this.#cursors.set(partition, { target: Number(high), next });
    }
    this.#checkCaughtUp();
  }

  /** All that KafkaPubSub uses of a Kafka client. */
  #facade(): Kafka {
    const producer: Partial<Producer> = { connect: async () => undefined }; // we publish elsewhere: no connection for it
    const { consumer } = this.#consumer;
    const topic = this.#connection.name(this.#options.topic);
    const facade: Partial<Consumer> = {
      connect: async () => undefined,
      subscribe: () => this.#consumer.subscribe(topic),
      on: consumer.on.bind(consumer),
      run: async ({ eachMessage } = {}) => {
        consumer.on('consumer.group_join', () => this.#seek());
        consumer.on('consumer.end_batch_process', ({ payload }) => this.#passed(payload.partition, payload.lastOffset));
        await this.#consumer.run({
          autoCommit: false, // nothing to remember for anybody else; after a break `#seek` knows better
          eachMessage: (payload) => this.#forward(payload, eachMessage),
        });
      },
    };
    return { producer: () => producer, consumer: () => facade } as unknown as Kafka;
  }

  /** Each time the group is joined, at first and after a broker's restart: goes on with the first event not handed over. */
  #seek(): void {
    const topic = this.#connection.name(this.#options.topic);
    for (const [partition, { next }] of this.#cursors) {
      this.#consumer.consumer.seek({ topic, partition, offset: String(next) });
    }
  }

  async #forward(
    payload: EachMessagePayload,
    eachMessage?: (payload: EachMessagePayload) => Promise<void>,
  ): Promise<void> {
    await this.#subscribed.promise;
    const { message, partition } = payload;
    const cursor = this.#cursors.get(partition);
    if (this.#closed || (cursor && Number(message.offset) < cursor.next)) return;
    const logged = toLogged(this.#options.topic, partition, message);
    const passed: TailMessage = { ...message, headers: {}, size: undefined, logged }; // without headers: no `channel` decides who gets it
    await eachMessage?.({ ...payload, message: passed });
    if (cursor) cursor.next = logged.offset + 1;
  }

  #give(event: LoggedEvent): void {
    try {
      this.#options.handler(event);
    } catch (error) {
      const { topic, partition, offset } = event;
      this.#connection.logger.error(
        { err: error, topic, partition, offset },
        'a tail handler threw; the event is passed over',
      );
    }
  }

  /** A batch is done: also past what compaction left out of it. */
  #passed(partition: number, lastOffset: string): void {
    const cursor = this.#cursors.get(partition);
    if (!cursor) return;
    cursor.next = Math.max(cursor.next, Number(lastOffset) + 1);
    this.#checkCaughtUp();
  }

  #checkCaughtUp(): void {
    for (const { next, target } of this.#cursors.values()) if (next < target) return;
    this.#catchingUp.resolve();
  }
}
