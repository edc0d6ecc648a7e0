/**
 * A kafkajs consumer that stays up: kafkajs restarts itself after what it thinks will pass, and stops for good after anything
 * else; here that is started again too, until it is closed. All readers of the Kafka event log stand on it. Times: ms.
 */
import type { Consumer, ConsumerConfig, ConsumerCrashEvent, ConsumerRunConfig } from 'kafkajs';
import { type KafkaConnection, LONG_RETRY, withTimeout } from './kafka-connection.ts';

/** A member that says nothing for this long is dead, and its partitions go to others. */
const SESSION_MS = 10_000;
/** Also how soon a member sees that another has come. */
export const HEARTBEAT_MS = 1_000;
/** An orderly hand-over waits this long for the batch in hand. */
const REBALANCE_MS = 60_000;
/** Longest wait of one fetch: closing and resuming take no longer. */
const FETCH_MS = 300;
const RESTART_MS = 1_000;
const CLOSE_MS = 8_000;
const DELETE_MS = 3_000;

export type ConsumerOptions = Pick<ConsumerConfig, 'groupId' | 'partitionAssigners'>;

export class KafkaConsumer {
  readonly consumer: Consumer;
  readonly #connection: KafkaConnection;
  readonly #groupId: string;
  #runConfig: ConsumerRunConfig = {};
  #restart: NodeJS.Timeout | undefined;
  #isClosed = false;
  #isDown = false;

  /** `groupId` as on the broker. */
  constructor(connection: KafkaConnection, options: ConsumerOptions) {
    this.#connection = connection;
    this.#groupId = options.groupId;
    this.consumer = connection.client().consumer({
      ...options,
      sessionTimeout: SESSION_MS,
      rebalanceTimeout: REBALANCE_MS,
      heartbeatInterval: HEARTBEAT_MS,
      maxWaitTimeInMs: FETCH_MS,
      retry: { ...LONG_RETRY, restartOnFailure: async () => !this.#isClosed },
    });
    this.consumer.on('consumer.crash', (event) => this.#onCrash(event));
    this.consumer.on('consumer.group_join', () => this.#onJoin());
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Where nothing was committed it begins with the first event. @throws what kafkajs throws when no broker answers */
  async subscribe(topic: string): Promise<void> {
    await this.consumer.connect();
    await this.consumer.subscribe({ topic, fromBeginning: true });
  }

  /** Resolves when the group was joined, or at once where that must be tried again. */
  async run(config: ConsumerRunConfig): Promise<void> {
    this.#runConfig = config;
    await this.consumer.run(config);
  }

  /** Waits for the handlers under way, then leaves the group. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#restart);
    await withTimeout(this.consumer.disconnect(), CLOSE_MS).catch((error) => {
      this.#connection.logger.debug({ err: error, group: this.#groupId }, 'consumer not closed in order');
    });
  }

  #onCrash({ payload: { error, restart } }: ConsumerCrashEvent): void {
    this.#logFailure(error, 'consumer stopped; it will be started again');
    if (restart || this.#isClosed) return;
    this.#restart = setTimeout(() => this.#startAgain(), RESTART_MS);
  }

  /** Once per outage so that it is seen, the repeats of the same for whoever looks closer. */
  #logFailure(error: unknown, message: string): void {
    this.#connection.logger[this.#isDown ? 'debug' : 'warn']({ err: error, group: this.#groupId }, message);
    this.#isDown = true;
  }

  #onJoin(): void {
    if (this.#isDown) this.#connection.logger.info({ group: this.#groupId }, 'consumer goes on');
    this.#isDown = false;
  }

  #startAgain(): void {
    const start = async (): Promise<void> => {
      await this.consumer.connect();
      await this.consumer.run(this.#runConfig);
    };
    start().catch((error) => {
      this.#logFailure(error, 'consumer could not be started again');
      if (!this.#isClosed) this.#restart = setTimeout(() => this.#startAgain(), RESTART_MS);
    });
  }
}

/** Best effort: a group without offsets that nobody is in is removed by the broker in time. */
export async function deleteGroup(connection: KafkaConnection, groupId: string): Promise<void> {
  const deleted = connection.admin('delete a group', async (admin) => {
    await admin.deleteGroups([groupId]).catch(() => undefined);
  });
  await withTimeout(deleted, DELETE_MS).catch(() => undefined);
}
