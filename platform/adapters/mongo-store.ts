/**
 * The document store on MongoDB, through the official driver; the collections are the driver's own. Owns how we connect: every
 * call has a time-out, writes are acknowledged by a majority and journalled, lost connections are made anew by the driver.
 * Times in ms.
 */
import { MongoClient } from 'mongodb';
import type { Logger } from 'pino';
import { AppError } from '../../schema/errors.ts';
import type { Collection, Store, StoredDocument } from '../ports/store.ts';

/** How long to look for a server that can take the call; also the most that opening takes. */
const SERVER_SELECTION_TIMEOUT_MS = 4_000;
/** How long to wait for a connection of the pool, for an answer, and for the majority; a retry takes the first two again. */
const CHECKOUT_TIMEOUT_MS = 5_000;
const ANSWER_TIMEOUT_MS = 15_000;
const MAJORITY_TIMEOUT_MS = 10_000;
const MAX_CONNECTIONS = 50;

export interface MongoStoreOptions {
  /** `mongodb://` or `mongodb+srv://`; may hold credentials, so it is never logged nor put into an error. */
  readonly url: string;
  readonly database: string;
  readonly logger: Logger;
}

export class MongoStore implements Store {
  readonly #client: MongoClient;
  readonly #database: string;
  readonly #hosts: string;

  /** Connects. @throws AppError UNAVAILABLE when no server answers within about 4 s; BAD_USER_INPUT for an unusable URL */
  static async open({ url, database, logger }: MongoStoreOptions): Promise<MongoStore> {
    const store = new MongoStore(createClient(url), database);
    store.#logConnection(logger);
    try {
      await store.ping();
    } catch (error) {
      await store.close();
      throw error;
    }
    return store;
  }

  private constructor(client: MongoClient, database: string) {
    this.#client = client;
    this.#database = database;
    this.#hosts = client.options.srvHost ?? client.options.hosts.map(String).join(',');
  }

  collection<T extends StoredDocument>(name: string): Collection<T> {
    // For any given document type the driver's class fits the port (a test shows it); for an open T the compiler cannot see it.
    return this.#client.db(this.#database).collection(name) as unknown as Collection<T>;
  }

  async ping(): Promise<void> {
    try {
      await this.#client.db(this.#database).command({ ping: 1 });
    } catch (error) {
      throw new AppError(
        'UNAVAILABLE',
        `MongoDB at ${this.#hosts} does not answer (${(error as Error).name}). ` +
          'Check that it runs and that MONGODB_URL names it, or unset MONGODB_URL to use the embedded store.',
        { cause: error },
      );
    }
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  /** Once per change: a server that is gone would otherwise be reported with every heartbeat. */
  #logConnection(logger: Logger): void {
    let reachable = true;
    this.#client.on('serverHeartbeatFailed', ({ failure }) => {
      if (reachable) logger.warn({ hosts: this.#hosts, reason: failure.message }, 'MongoDB does not answer');
      reachable = false;
    });
    this.#client.on('serverHeartbeatSucceeded', () => {
      if (!reachable) logger.info({ hosts: this.#hosts }, 'MongoDB answers again');
      reachable = true;
    });
  }
}

function createClient(url: string): MongoClient {
  try {
    return new MongoClient(url, {
      appName: 'firetv-backend',
      serverSelectionTimeoutMS: SERVER_SELECTION_TIMEOUT_MS,
      connectTimeoutMS: SERVER_SELECTION_TIMEOUT_MS,
      waitQueueTimeoutMS: CHECKOUT_TIMEOUT_MS,
      // The driver's `timeoutMS`, which would bound a call as a whole, has no effect since 7.
      socketTimeoutMS: ANSWER_TIMEOUT_MS,
      maxPoolSize: MAX_CONNECTIONS,
      ignoreUndefined: true,
      retryWrites: true,
      retryReads: true,
      writeConcern: { w: 'majority', journal: true, wtimeoutMS: MAJORITY_TIMEOUT_MS },
    });
  } catch (error) {
    // The driver's message may quote the URL, and with it a password; so neither it nor the cause is kept.
    throw new AppError('BAD_USER_INPUT', `MONGODB_URL is not a usable MongoDB URL (${(error as Error).name}).`);
  }
}
