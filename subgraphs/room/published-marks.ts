/**
 * Notes in the store that events are on the topic, behind the back of who published them: nobody waits for a note. One write
 * at a time, of all that came meanwhile. A note that is lost costs a repeated event, which consumers drop.
 */
import type { Logger } from 'pino';

/** Beyond this the outbox sweep does the rest. */
const MAX_WAITING = 10_000;

export class PublishedMarks {
  readonly #write: (eventIds: readonly string[]) => Promise<void>;
  readonly #logger: Logger;
  #waiting: string[] = [];
  #writing: Promise<void> | null = null;

  constructor(write: (eventIds: readonly string[]) => Promise<void>, logger: Logger) {
    this.#write = write;
    this.#logger = logger;
  }

  add(eventId: string): void {
    if (this.#waiting.length < MAX_WAITING) this.#waiting.push(eventId);
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = null;
    });
  }

  /** Resolves when all notes so far are written, or lost. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const eventIds = this.#waiting;
      this.#waiting = [];
      try {
        await this.#write(eventIds);
      } catch (error) {
        this.#logger.warn({ err: error }, 'published events could not be marked; the outbox publishes them again');
      }
    }
  }
}
