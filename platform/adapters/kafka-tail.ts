/**
 * A live reader of a whole topic on Kafka, through graphql-kafkajs-subscriptions. That library gives every process of a
 * prefix the same group id, starts wherever the group stands, drops the partition, filters by a `channel` header and cannot
 * be closed. It asks for only two things of kafkajs, a producer and a consumer; so it is given ones that mend all this.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { KafkaPubSub } from 'graphql-kafkajs-subscriptions';
import type { Consumer, EachMessagePayload, IHeaders, Kafka, KafkaMessage, Producer } from 'kafkajs';
import { AppError } from '../../schema/errors.ts';
import type { LoggedEvent, TailReader } from '../ports/event-log.ts';
import { type KafkaConnection, toLogged } from './kafka-connection.ts';
import { deleteGroup, KafkaConsumer } from './kafka-consumer.ts';

const RETRY_MS = 1_000;
/** Events between which requests are served: kafkajs would hand over all of a fetch, some thousands, in one turn. */
const SLICE = 100;

/** A message as it passes through the library, with what the library would drop. */
type TailMessage = Extract<KafkaMessage, { headers: IHeaders }> & { readonly logged: LoggedEvent };

interface Cursor {
  /** The end when the tail began. */
  readonly target: number;
  next: number;
}

export interface KafkaTailOptions {
  readonly topic: string;
  readonly from: 'start' | 'now';
  readonly handler: (event: LoggedEvent) => void;
}

export class KafkaTail implements TailReader {
  readonly caughtUp: Promise<void>;
  readonly #connection: KafkaConnection;
  readonly #options: KafkaTailOptions;
  /** As on the broker. */
  readonly #topic: string;
  readonly #cursors = new Map<number, Cursor>();
  readonly #catchingUp = Promise.withResolvers<void>();
  #handedOver = 0;
  #groupId = '';
  #consumer: KafkaConsumer | undefined;
  #beginning: Promise<void> = Promise.resolve();
  #retry: NodeJS.Timeout | undefined;
  #closed: Promise<void> | undefined;

  constructor(connection: KafkaConnection, options: KafkaTailOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#topic = connection.name(options.topic);
    this.caughtUp = this.#catchingUp.promise;
    this.caughtUp.catch(() => undefined); // who does not wait for it need not handle its failure
  }

  /** Resolves when it is sure to get every later event. @throws AppError UNAVAILABLE */
  async start(): Promise<this> {
    try {
      await this.#setStart();
      this.#beginning = this.#begin();
      await this.#beginning;
    } catch (cause) {
      await this.close();
      if (cause instanceof AppError) throw cause;
      throw this.#connection.unavailable(`did not begin to send ${this.#topic}: ${(cause as Error).message}.`, cause);
    }
    return this;
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    clearTimeout(this.#retry);
    await this.#consumer?.close();
    await this.#beginning.catch(() => undefined);
    this.#catchingUp.reject(new AppError('UNAVAILABLE', `The reader of ${this.#options.topic} was closed.`));
    await deleteGroup(this.#connection, this.#groupId);
  }

  /** From here on it is known what belongs to this tail. */
  async #setStart(): Promise<void> {
    const offsets = await this.#connection.admin('tell the end of a topic', (admin) =>
      admin.fetchTopicOffsets(this.#topic),
    );
    for (const { partition, low, high } of offsets) {
      const next = Number(this.#options.from === 'now' ? high : low);
      this.#cursors.set(partition, { target: Number(high), next });
    }
    this.#checkCaughtUp();
  }

  /** Each time as a group of its own: a former one would have to be found dead before its place is free. */
  async #begin(): Promise<void> {
    const { topic } = this.#options;
    const { clientId } = this.#connection;
    this.#groupId = this.#connection.name(`tail.${topic}.${clientId}.${hostname()}.${process.pid}.${randomUUID()}`);
    const consumer = new KafkaConsumer(this.#connection, {
      groupId: this.#groupId,
      onFailure: () => this.#beginAgain(),
    });
    this.#consumer = consumer;
    const subscribed = Promise.withResolvers<void>();
    const pubSub = await KafkaPubSub.create({
      kafka: this.#facade(consumer, subscribed.promise),
      topic: this.#topic,
      consumerConfig: { groupId: this.#groupId },
    });
    await pubSub.subscribe(this.#topic, (message) => this.#give((message as TailMessage).logged));
    subscribed.resolve();
  }

  /** After a failure: goes on with the first event not yet handed over. */
  #beginAgain(): void {
    if (this.#closed) return;
    const former = this.#consumer;
    this.#beginning = (async () => {
      await former?.close();
      if (!this.#closed) await this.#begin();
    })().catch((error) => {
      this.#connection.logger.debug({ err: error, topic: this.#topic }, 'tail could not begin again');
      if (!this.#closed) this.#retry = setTimeout(() => this.#beginAgain(), RETRY_MS);
    });
  }

  /** All that KafkaPubSub uses of a Kafka client. Messages wait for `subscribed`: before, the library drops them. */
  #facade(consumer: KafkaConsumer, subscribed: Promise<void>): Kafka {
    const { consumer: real } = consumer;
    const producer: Partial<Producer> = { connect: async () => undefined }; // we publish elsewhere: no connection for it
    const facade: Partial<Consumer> = {
      connect: async () => undefined,
      subscribe: () => consumer.subscribe(this.#topic),
      on: real.on.bind(real),
      run: async ({ eachMessage } = {}) => {
        real.on('consumer.group_join', () => this.#seek(real));
        real.on('consumer.end_batch_process', ({ payload }) => this.#passed(payload.partition, payload.lastOffset));
        await consumer.run({
          autoCommit: false, // `#seek` knows better where to go on
          eachMessage: async (payload) => {
            await subscribed;
            await this.#forward(payload, eachMessage);
            this.#handedOver += 1;
            if (this.#handedOver % SLICE === 0) await nextTurn();
          },
        });
      },
    };
    return { producer: () => producer, consumer: () => facade } as unknown as Kafka;
  }

  /** Each time the group is joined. (`admin.setOffsets` would do at first, but takes over 5 s.) */
  #seek(consumer: Consumer): void {
    for (const [partition, { next }] of this.#cursors) {
      consumer.seek({ topic: this.#topic, partition, offset: String(next) });
    }
  }

  async #forward(
    payload: EachMessagePayload,
    eachMessage: ((payload: EachMessagePayload) => Promise<void>) | undefined,
  ): Promise<void> {
    const { message, partition } = payload;
    const cursor = this.#cursors.get(partition);
    if (this.#closed || (cursor && Number(message.offset) < cursor.next)) return;
    const logged = toLogged(this.#options.topic, partition, message);
    const passed: TailMessage = { ...message, headers: {}, size: undefined, logged }; // no `channel` decides who gets it
    await eachMessage?.({ ...payload, message: passed });
    if (cursor) cursor.next = logged.offset + 1;
  }

  #give(event: LoggedEvent): void {
    try {
      this.#options.handler(event);
    } catch (error) {
      const { topic, partition, offset } = event;
      const place = { topic, partition, offset };
      this.#connection.logger.error({ err: error, ...place }, 'a tail handler threw; the event is passed over');
    }
  }

  /** A batch is done: also past what compaction left out of it. */
  #passed(partition: number, lastOffset: string): void {
    const cursor = this.#cursors.get(partition);
    if (!cursor || this.#closed) return;
    cursor.next = Math.max(cursor.next, Number(lastOffset) + 1);
    this.#checkCaughtUp();
  }

  #checkCaughtUp(): void {
    for (const { next, target } of this.#cursors.values()) if (next < target) return;
    this.#catchingUp.resolve();
  }
}
