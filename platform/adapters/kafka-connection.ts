/**
 * What all parts of the Kafka event log share: how brokers are reached, how names, messages and errors are translated. Nothing
 * here waits without an end. Times: ms.
 */
import { setTimeout as pause } from 'node:timers/promises';
import {
  type Admin,
  type IHeaders,
  Kafka,
  type KafkaConfig,
  type KafkaMessage,
  logLevel,
  type RetryOptions,
  type SASLOptions,
} from 'kafkajs';
import type { Logger } from 'pino';
import { AppError } from '../../schema/errors.ts';
import type { LoggedEvent, TopicSpec } from '../ports/event-log.ts';
import { withTimeout } from '../ports/timeout.ts';
import { quietIdleConnections } from './kafka-idle-connections.ts';
import { KafkaSockets } from './kafka-sockets.ts';

export interface KafkaOptions {
  /** `host:port` each. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Put before topic names and group ids; callers never see it. */
  readonly topicPrefix?: string;
  /** Over TLS. */
  readonly ssl?: boolean;
  readonly sasl?: SASLOptions | null;
  readonly logger: Logger;
}

const CONNECT_MS = 3_000;
const REQUEST_MS = 10_000;
/** How long `open` waits for the first answer. */
const OPEN_MS = 4_000;
/** How long one administrative call may take, its retries included. */
const ADMIN_MS = 15_000;
const ADMIN_PAUSE_MS = 200;

/** For single requests; whoever needs to outlast a broker's restart adds retries of its own. */
const SHORT_RETRY = { initialRetryTime: 100, maxRetryTime: 500, factor: 0.2, multiplier: 2, retries: 3 } as const;
/** About 10 s: longer than a broker's restart. */
export const LONG_RETRY = {
  initialRetryTime: 150,
  maxRetryTime: 1_000,
  factor: 0.2,
  multiplier: 2,
  retries: 12,
} as const;

export class KafkaConnection {
  readonly logger: Logger;
  readonly clientId: string;
  readonly #brokers: readonly string[];
  readonly #security: Pick<KafkaConfig, 'ssl' | 'sasl'>;
  readonly #prefix: string;
  readonly #sockets = new KafkaSockets();
  #admin: Promise<Admin> | undefined;
  /** As many as the code names. */
  readonly #knownTopics = new Set<string>();

  constructor({ brokers, clientId, topicPrefix, ssl = false, sasl, logger }: KafkaOptions) {
    quietIdleConnections();
    this.#security = { ssl, ...(sasl && { sasl }) };
    this.#brokers = brokers;
    this.#prefix = topicPrefix ?? '';
    this.clientId = clientId;
    this.logger = logger;
  }

  /** A topic's or group's name on the broker. */
  name(name: string): string {
    return `${this.#prefix}${name}`;
  }

  /** A client of its own for each reader: within one, kafkajs mixes up the offsets of two members of a group. */
  client(retry: RetryOptions = SHORT_RETRY): Kafka {
    return new Kafka({
      brokers: [...this.#brokers],
      ...this.#security,
      clientId: this.clientId,
      connectionTimeout: CONNECT_MS,
      authenticationTimeout: CONNECT_MS,
      requestTimeout: REQUEST_MS,
      socketFactory: this.#sockets.factory,
      retry,
      logLevel: this.logger.isLevelEnabled('trace') ? logLevel.INFO : logLevel.WARN,
      logCreator: toPino(this.logger),
    });
  }

  /** @throws AppError UNAVAILABLE within about 5 s, written for whoever started the program */
  async open(): Promise<void> {
    try {
      await withTimeout(this.#connectedAdmin(), OPEN_MS);
    } catch (cause) {
      this.#sockets.cutOff();
      await this.#dropAdmin(); // what kafkajs still tries ends within a second now
      const advice = 'Start it, or correct KAFKA_BROKERS; without KAFKA_BROKERS the embedded event log is used.';
      throw this.unavailable(`cannot be reached (${(cause as Error).message}). ${advice}`, cause);
    }
  }

  /**
   * Runs one administrative call: once more on a fresh connection if it fails, and again while the brokers say that it would
   * go through in a moment, as they do of a topic that has just been made. @throws AppError UNAVAILABLE
   */
  async admin<T>(what: string, call: (admin: Admin) => Promise<T>): Promise<T> {
    const giveUpAt = Date.now() + ADMIN_MS;
    const attempt = async (isFirst: boolean): Promise<T> => {
      try {
        return await call(await this.#connectedAdmin());
      } catch (error) {
        const mayRetry = isFirst || isTransient(error);
        if (error instanceof AppError || !mayRetry || Date.now() + ADMIN_PAUSE_MS > giveUpAt) throw error;
        await this.#dropAdmin();
        if (!isFirst) await pause(ADMIN_PAUSE_MS);
        return attempt(false);
      }
    };
    try {
      return await withTimeout(attempt(true), ADMIN_MS);
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      throw this.unavailable(`could not ${what}: ${(cause as Error).message}.`, cause);
    }
  }

  async createTopics(specs: readonly TopicSpec[]): Promise<void> {
    const unknown = specs.filter(({ name }) => !this.#knownTopics.has(name));
    if (unknown.length === 0) return;
    await this.admin('create topics', async (admin) => {
      const existing = new Set(await admin.listTopics());
      const missing = unknown.filter(({ name }) => !existing.has(this.name(name)));
      if (missing.length === 0) return;
      await admin.createTopics({
        waitForLeaders: true,
        topics: missing.map(({ name, partitions, cleanup, retentionMs }) => ({
          topic: this.name(name),
          numPartitions: partitions,
          configEntries: [
            { name: 'cleanup.policy', value: cleanup },
            ...(retentionMs === undefined ? [] : [{ name: 'retention.ms', value: String(retentionMs) }]),
          ],
        })),
      });
    });
    for (const { name } of unknown) this.#knownTopics.add(name);
  }

  /** Makes the topic with one partition where there is none, whether or not the broker creates topics by itself. */
  async ensureTopic(name: string): Promise<void> {
    await this.createTopics([{ name, partitions: 1, cleanup: 'delete' }]);
  }

  unavailable(what: string, cause?: unknown): AppError {
    return new AppError('UNAVAILABLE', `Kafka at ${this.#brokers.join(', ')} ${what}`, { cause });
  }

  /** To be called last: nothing that was begun goes on. */
  async close(): Promise<void> {
    await this.#dropAdmin();
    this.#sockets.cutOff();
  }

  #connectedAdmin(): Promise<Admin> {
    this.#admin ??= (async () => {
      const admin = this.client().admin({ retry: SHORT_RETRY });
      await admin.connect();
      return admin;
    })();
    return this.#admin;
  }

  async #dropAdmin(): Promise<void> {
    const admin = this.#admin;
    this.#admin = undefined;
    if (admin) await withTimeout(disconnect(admin), CONNECT_MS).catch(() => undefined);
  }
}

/** Also what is still connecting. */
export async function disconnect(client: Promise<{ disconnect(): Promise<void> }>): Promise<void> {
  await (await client).disconnect();
}

/** Whether kafkajs, or what it wraps, says that another try may do better. */
export function isTransient(error: unknown): boolean {
  const { retriable, cause } = error as { retriable?: boolean; cause?: unknown };
  return retriable === true || (cause instanceof Error && cause !== error && isTransient(cause));
}

const TRANSIENT_PAUSE_MS = 200;

/** Calls again while it fails with what may pass, for so long at most, or until it `isOver`. @throws the last failure */
export async function retryTransient(
  call: () => Promise<unknown>,
  forMs: number,
  isOver: () => boolean = () => false,
): Promise<void> {
  const giveUpAt = Date.now() + forMs;
  for (;;) {
    try {
      await call();
      return;
    } catch (error) {
      if (!isTransient(error) || isOver() || Date.now() > giveUpAt) throw error;
      await pause(TRANSIENT_PAUSE_MS);
    }
  }
}

/** As the port shows it. Of a header that is there twice, the last counts. */
export function toLogged(topic: string, partition: number, message: KafkaMessage): LoggedEvent {
  return {
    topic,
    partition,
    offset: Number(message.offset),
    key: message.key?.toString() ?? null,
    value: message.value,
    headers: toText(message.headers),
    timestamp: Number(message.timestamp),
  };
}

function toText(headers: IHeaders | undefined): Record<string, string> {
  const text: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined) text[name] = last.toString();
  }
  return text;
}

/**
 * kafkajs calls each of its retries an error. What matters (a reader that stopped, an event not sent) is logged by us; its
 * own lines are for whoever looks closer.
 */
function toPino(logger: Logger): KafkaConfig['logCreator'] {
  return () =>
    ({ namespace, level, log: { message, timestamp: _, logger: __, ...details } }) => {
      logger[level <= logLevel.WARN ? 'debug' : 'trace']({ ...details, kafkajs: namespace }, message);
    };
}
