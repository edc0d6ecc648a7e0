/**
 * The event log for one machine, on SQLite: topics with partitions, offsets and consumer groups, in one file that several
 * processes may have open. It keeps Kafka's promises and no better ones: readers are never called inside `publish`, a
 * batch may come twice, order holds per key. An acknowledged publish survives the death of the process.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Logger, pino } from 'pino';
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
import { cleanUp } from './embedded-event-log-cleanup.ts';
import { type BatchHandler, GroupMember } from './embedded-event-log-group.ts';
import { EventTables } from './embedded-event-log-tables.ts';
import { Tail } from './embedded-event-log-tail.ts';
import { WakeUps } from './embedded-event-log-wake-ups.ts';

const DEFAULT_MAX_BATCH = 500;
const READ_PAGE_EVENTS = 500;
const CLEANUP_MS = 60_000;

export interface EmbeddedEventLogOptions {
  /** The database file; its folder is made. */
  readonly path: string;
  /** Told of batches that failed; silent by default. */
  readonly logger?: Logger;
}

export class EmbeddedEventLog implements EventLog {
  readonly #tables: EventTables;
  readonly #wakeUps: WakeUps;
  readonly #logger: Logger;
  readonly #readers = new Set<Reader>();
  readonly #cleanup: NodeJS.Timeout;
  #closed: Promise<void> | undefined;

  /** Use `open`. */
  private constructor({ path, logger }: EmbeddedEventLogOptions) {
    this.#tables = new EventTables(path);
    this.#logger = logger ?? pino({ level: 'silent' });
    this.#wakeUps = new WakeUps(() => this.#tables.dataVersion());
    this.#tryToCleanUp();
    this.#cleanup = setInterval(() => this.#tryToCleanUp(), CLEANUP_MS).unref();
  }

  /** @throws AppError UNAVAILABLE when the file cannot be used */
  static open(options: EmbeddedEventLogOptions): EmbeddedEventLog {
    return new EmbeddedEventLog(options);
  }

  async createTopics(specs: readonly TopicSpec[]): Promise<void> {
    this.#use(() => {
      if (specs.every(({ name }) => this.#tables.topic(name))) return;
      this.#tables.write(() => {
        for (const spec of specs) this.#tables.createTopic(spec);
      });
    });
  }

  async publish(topic: string, events: readonly NewEvent[]): Promise<void> {
    assertEventSizes(topic, events);
    this.#use(() => {
      if (events.length > 0) this.#tables.append(this.#tables.ensureTopic(topic), events, Date.now());
    });
    this.#wakeUps.notify(topic);
    await nextTurn(); // whoever publishes in a loop must not starve timers, sockets and readers of this process
  }

  async consume(options: ConsumeOptions, handler: BatchHandler): Promise<Reader> {
    return this.#use(() => {
      const topic = this.#tables.ensureTopic(options.topic);
      const { group, maxBatch = DEFAULT_MAX_BATCH } = options;
      return this.#keep(
        new GroupMember(this.#tables, this.#wakeUps, this.#logger, { topic, group, maxBatch, handler }).start(),
      );
    });
  }

  async tail({ topic, from }: TailOptions, handler: (event: LoggedEvent) => void): Promise<TailReader> {
    return this.#use(() => {
      const row = this.#tables.ensureTopic(topic);
      return this.#keep(new Tail(this.#tables, this.#wakeUps, this.#logger, { topic: row, from, handler }));
    });
  }

  async *read({ topic, partition, fromOffset }: ReadOptions): AsyncIterable<LoggedEvent> {
    const row = this.#use(() => this.#tables.ensureTopic(topic).partitions[partition]);
    if (!row) return;
    const end = this.#use(() => this.#tables.end(row));
    let next = fromOffset;
    while (next < end) {
      const page = this.#use(() => this.#tables.page(topic, row, next, READ_PAGE_EVENTS));
      for (const event of page.events) {
        if (event.offset >= end) return;
        yield event;
      }
      next = page.nextOffset;
    }
  }

  async progress(group: string, topic: string): Promise<GroupProgress[]> {
    return this.#use(() =>
      this.#tables.ensureTopic(topic).partitions.map((row) => {
        const position = this.#tables.get(
          'SELECT committed FROM positions WHERE grp = ? AND partition_id = ?',
          group,
          row.id,
        ) as { committed: number | null } | undefined;
        const end = this.#tables.end(row);
        return { partition: row.partition, committed: position?.committed ?? this.#tables.start(row), end };
      }),
    );
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    clearInterval(this.#cleanup);
    await Promise.all([...this.#readers].map((reader) => reader.close()));
    this.#tables.close();
  }

  /** Runs one piece of work on the file. @throws AppError UNAVAILABLE when it is closed, busy, full or broken */
  #use<T>(work: () => T): T {
    if (this.#closed) throw new AppError('UNAVAILABLE', 'The event log is closed.');
    try {
      return work();
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw new AppError('UNAVAILABLE', `The event log's file failed: ${(error as Error).message}.`, { cause: error });
    }
  }

  /** Closes the reader with the log, unless it is closed before. */
  #keep<R extends Reader>(reader: R): R {
    this.#readers.add(reader);
    const close = reader.close.bind(reader);
    reader.close = async () => {
      await close();
      this.#readers.delete(reader);
    };
    return reader;
  }

  #tryToCleanUp(): void {
    try {
      cleanUp(this.#tables, Date.now());
    } catch (error) {
      this.#logger.warn({ err: error }, 'cleanup put off');
    }
  }
}
