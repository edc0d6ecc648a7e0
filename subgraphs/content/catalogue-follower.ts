/**
 * Keeps this process's view and search index like the store: all works at the start, then every change that any process
 * publishes. A change names its work; the work is read from the store, a batch at a time.
 */
import type { Logger } from 'pino';
import type { EventLog, TailReader } from '../../platform/ports/event-log.ts';
import type { Collection } from '../../platform/ports/store.ts';
import { CONTENT_CHANGES } from '../../schema/events/topics.ts';
import type { CatalogueView } from './catalogue-view.ts';
import { toWork, type WorkDocument } from './content-collections.ts';
import type { Work } from './domain/work.ts';
import type { SearchIndex } from './search-index.ts';

const BATCH = 200;

export class CatalogueFollower {
  readonly #log: EventLog;
  readonly #works: Collection<WorkDocument>;
  readonly #view: CatalogueView;
  readonly #search: SearchIndex;
  readonly #logger: Logger;
  /** Ids told but not yet read; at most one per work. */
  readonly #waiting = new Set<string>();
  #reading: Promise<void> | null = null;
  #isLive = false;
  #tail: TailReader | null = null;

  constructor(
    log: EventLog,
    works: Collection<WorkDocument>,
    view: CatalogueView,
    search: SearchIndex,
    logger: Logger,
  ) {
    this.#log = log;
    this.#works = works;
    this.#view = view;
    this.#search = search;
    this.#logger = logger.child({ component: 'content.follower' });
  }

  /** Resolves when all works of the store can be found. The tail begins first, so that no change falls between. */
  async start(): Promise<void> {
    const startedAt = performance.now();
    this.#tail = await this.#log.tail({ topic: CONTENT_CHANGES.name, from: 'now' }, ({ key }) => {
      if (key === null) return;
      this.#waiting.add(key);
      this.#readSoon();
    });
    for await (const document of this.#works.find({ isRemoved: false })) this.#show(toWork(document));
    this.#isLive = true;
    this.#readSoon();
    const ms = Math.round(performance.now() - startedAt);
    this.#logger.info({ works: this.#view.size, ms }, 'search index built');
  }

  async stop(): Promise<void> {
    this.#isLive = false;
    await this.#tail?.close();
    await this.#reading;
  }

  #readSoon(): void {
    if (!this.#isLive || this.#reading) return;
    this.#reading = this.#readAll().finally(() => {
      this.#reading = null;
    });
  }

  async #readAll(): Promise<void> {
    while (this.#isLive && this.#waiting.size > 0) {
      const ids = [...this.#waiting].slice(0, BATCH);
      for (const id of ids) this.#waiting.delete(id);
      try {
        const found = await this.#works.find({ _id: { $in: ids } }).toArray();
        for (const document of found) this.#show(toWork(document));
      } catch (error) {
        // The next change brings the loop back to them; until then the old content is shown.
        for (const id of ids) this.#waiting.add(id);
        this.#logger.error({ err: error, works: ids.length }, 'changed works could not be read');
        return;
      }
    }
  }

  #show(work: Work): void {
    if (work.isRemoved) {
      this.#view.delete(work.id);
      this.#search.delete(work.id);
    } else {
      this.#view.set(work, this.#search.set(work));
    }
  }
}
