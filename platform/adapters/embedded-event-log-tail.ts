/** A reader of a whole topic on the embedded event log: all partitions, no group, nothing committed. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import { AppError } from '../../schema/errors.ts';
import type { LoggedEvent, TailReader } from '../ports/event-log.ts';
import type { EventTables, PartitionRow, TopicRow } from './embedded-event-log-tables.ts';
import { pauseUnless, type WakeUps } from './embedded-event-log-wake-ups.ts';

/** Events between which requests are served: what handlers do with them costs some 10 µs each. */
const SLICE = 100;
const RETRY_MS = 250;

interface Cursor {
  readonly row: PartitionRow;
  /** The end when the tail began. */
  readonly target: number;
  next: number;
}

export class Tail implements TailReader {
  readonly caughtUp: Promise<void>;
  readonly #tables: EventTables;
  readonly #wakeUps: WakeUps;
  readonly #logger: Logger;
  readonly #topic: string;
  readonly #handler: (event: LoggedEvent) => void;
  readonly #cursors: readonly Cursor[];
  /** Of the partition read last. */
  #place = -1;
  readonly #ending = new AbortController();
  readonly #catchingUp = Promise.withResolvers<void>();
  readonly #work: Promise<void>;

  /** Begins at once; the handler is called from a later turn of the event loop on. */
  constructor(
    tables: EventTables,
    wakeUps: WakeUps,
    logger: Logger,
    options: {
      readonly topic: TopicRow;
      readonly from: 'start' | 'now';
      readonly handler: (event: LoggedEvent) => void;
    },
  ) {
    this.#tables = tables;
    this.#wakeUps = wakeUps;
    this.#logger = logger;
    this.#topic = options.topic.name;
    this.#handler = options.handler;
    this.#cursors = options.topic.partitions.map((row) => {
      const target = tables.end(row);
      return { row, target, next: options.from === 'now' ? target : 0 };
    });
    this.caughtUp = this.#catchingUp.promise;
    this.caughtUp.catch(() => undefined); // who does not wait for it need not handle its failure
    wakeUps.enter();
    this.#work = this.#run();
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#work;
  }

  async #run(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      await nextTurn();
      try {
        if (this.#handOver()) continue;
        await this.#wakeUps.sleep(this.#topic, signal);
      } catch (error) {
        this.#logger.warn({ err: error, topic: this.#topic }, 'tail could not read; trying again');
        await pauseUnless(signal, RETRY_MS);
      }
    }
    this.#wakeUps.leave();
    this.#catchingUp.reject(new AppError('UNAVAILABLE', `The reader of ${this.#topic} was closed.`));
  }

  /** A slice of what there is, beginning with the partition after the last one read; whether there was any event. */
  #handOver(): boolean {
    let room = SLICE;
    for (let read = 0; read < this.#cursors.length && room > 0; read += 1) {
      this.#place = (this.#place + 1) % this.#cursors.length;
      const cursor = this.#cursors[this.#place] as Cursor;
      const { events, nextOffset } = this.#tables.page(this.#topic, cursor.row, cursor.next, room);
      for (const event of events) {
        if (this.#ending.signal.aborted) return true;
        this.#give(event);
      }
      cursor.next = nextOffset;
      room -= events.length;
    }
    if (this.#cursors.every(({ next, target }) => next >= target)) this.#catchingUp.resolve();
    return room < SLICE;
  }

  #give(event: LoggedEvent): void {
    try {
      this.#handler(event);
    } catch (error) {
      const { topic, partition, offset } = event;
      this.#logger.error({ err: error, topic, partition, offset }, 'a tail handler threw; the event is passed over');
    }
  }
}
