/** The topics that live streams read, each by one tail for the whole process, from the first subscriber on. */
import type { EventLog, LoggedEvent, TailReader } from '../platform/ports/event-log.ts';

export class LiveTails {
  readonly #log: EventLog;
  readonly #accept: (topic: string, event: LoggedEvent) => void;
  readonly #tails = new Map<string, Promise<TailReader>>();

  constructor(log: EventLog, accept: (topic: string, event: LoggedEvent) => void) {
    this.#log = log;
    this.#accept = accept;
  }

  /** Resolves when what is published from now on will be accepted. */
  async open(topic: string): Promise<void> {
    let tail = this.#tails.get(topic);
    if (!tail) {
      tail = this.#log.tail({ topic, from: 'now' }, (event) => this.#accept(topic, event));
      this.#tails.set(topic, tail);
      tail.catch(() => this.#tails.delete(topic)); // the next subscriber tries again
    }
    await tail;
  }

  /** Stops reading all other topics. */
  keepOnly(topics: ReadonlySet<string>): void {
    for (const [topic, tail] of this.#tails) {
      if (topics.has(topic)) continue;
      this.#tails.delete(topic);
      void tail.then((reader) => reader.close()).catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    const tails = await Promise.allSettled(this.#tails.values());
    this.#tails.clear();
    await Promise.all(tails.map((tail) => tail.status === 'fulfilled' && tail.value.close()));
  }
}
