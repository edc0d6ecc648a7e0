/**
 * A kafkajs consumer that stays up: kafkajs gives up after some failures, and what it restarts by itself cannot be closed for
 * sure; here it is started again by us, after whatever failure, until it is closed. All readers stand on it. Times: ms.
 */
import type { Consumer, ConsumerConfig, ConsumerRunConfig } from 'kafkajs';
import { withTimeout } from '../ports/timeout.ts';
import { type KafkaConnection, LONG_RETRY, retryTransient } from './kafka-connection.ts';

/** A member that says nothing for this long is dead, and its partitions go to others; the least that brokers allow. */
const SESSION_MS = 6_000;
/** Also how soon a member sees that another has come. */
export const HEARTBEAT_MS = 1_000;
/** An orderly hand-over waits this long for the batch in hand. */
const REBALANCE_MS = 60_000;
/** Longest wait of one fetch: closing and resuming take no longer. */
const FETCH_MS = 300;
/** Of one partition, in a fetch: a backlog comes in batches of thousands of events. */
const PARTITION_BYTES = 4 * 1024 * 1024;
const RESTART_MS = 1_000;
/** How long a broker may not know a topic that another says was made; kafkajs does not try this again by itself. */
const SUBSCRIBE_MS = 10_000;
const CLOSE_MS = 8_000;
const DELETE_MS = 3_000;

export interface ConsumerOptions extends Pick<ConsumerConfig, 'partitionAssigners'> {
  /** As on the broker. */
  readonly groupId: string;
  /** Called some time after a failure, in place of starting it again: for whoever would rather make a new one. */
  readonly onFailure?: () => void;
}

export class KafkaConsumer {
  readonly consumer: Consumer;
  readonly #connection: KafkaConnection;
  readonly #options: ConsumerOptions;
  #runConfig: ConsumerRunConfig = {};
  #starting: Promise<void> = Promise.resolve();
  #restart: NodeJS.Timeout | undefined;
  #isClosed = false;
  #isDown = false;

  constructor(connection: KafkaConnection, options: ConsumerOptions) {
    const { groupId, partitionAssigners } = options;
    this.#connection = connection;
    this.#options = options;
    // Long retries: through a broker's restart it stays the same member, and need not wait until its former self is dead.
    this.consumer = connection.client(LONG_RETRY).consumer({
      groupId,
      partitionAssigners,
      allowAutoTopicCreation: false, // a broker would give it the wrong number of partitions
      sessionTimeout: SESSION_MS,
      rebalanceTimeout: REBALANCE_MS,
      heartbeatInterval: HEARTBEAT_MS,
      maxWaitTimeInMs: FETCH_MS,
      maxBytesPerPartition: PARTITION_BYTES,
      retry: { ...LONG_RETRY, restartOnFailure: async () => false },
    });
    this.consumer.on('consumer.crash', ({ payload }) => this.#onFailure(payload.error));
    this.consumer.on('consumer.group_join', () => this.#onJoin());
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Where nothing was committed it begins with the first event. @throws what kafkajs throws when no broker answers */
  async subscribe(topic: string): Promise<void> {
    await this.consumer.connect();
    const subscribe = (): Promise<void> => this.consumer.subscribe({ topic, fromBeginning: true });
    await retryTransient(subscribe, SUBSCRIBE_MS, () => this.#isClosed);
  }

  /** Resolves when the group was joined, or at once where that must be tried again. */
  async run(config: ConsumerRunConfig): Promise<void> {
    if (this.#isClosed) return;
    this.#runConfig = config;
    this.#starting = this.consumer.run(config);
    await this.#starting;
  }

  /** Waits for the handlers under way, then leaves the group. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#restart);
    const close = async (): Promise<void> => {
      await this.#starting.catch(() => undefined); // kafkajs does not stop what is only about to start
      await this.consumer.disconnect();
    };
    await withTimeout(close(), CLOSE_MS).catch((error) => {
      this.#connection.logger.debug({ err: error, group: this.#options.groupId }, 'consumer not closed in order');
    });
  }

  /** Warns once per outage; the repeats are for whoever looks closer. */
  #onFailure(error: unknown): void {
    if (this.#isClosed) return;
    const { groupId, onFailure } = this.#options;
    this.#connection.logger[this.#isDown ? 'debug' : 'warn'](
      { err: error, group: groupId },
      'consumer stopped; it will be started again',
    );
    this.#isDown = true;
    this.#restart = setTimeout(onFailure ?? (() => this.#startAgain()), RESTART_MS);
  }

  #onJoin(): void {
    if (this.#isDown) this.#connection.logger.info({ group: this.#options.groupId }, 'consumer goes on');
    this.#isDown = false;
  }

  #startAgain(): void {
    const start = async (): Promise<void> => {
      await this.consumer.connect();
      if (!this.#isClosed) await this.consumer.run(this.#runConfig);
    };
    this.#starting = start().catch((error) => this.#onFailure(error));
  }
}

/** Best effort: a group without offsets that nobody is in is removed by the broker in time. */
export async function deleteGroup(connection: KafkaConnection, groupId: string): Promise<void> {
  const deleted = connection.admin('delete a group', async (admin) => {
    await admin.deleteGroups([groupId]).catch(() => undefined);
  });
  await withTimeout(deleted, DELETE_MS).catch(() => undefined);
}
