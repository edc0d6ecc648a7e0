/**
 * Sentence embeddings of all titles of an index, made in the background: until every title has been looked at once, words decide;
 * later a new title waits for its own. Memory: 4 bytes times the model's width per title, twice.
 */
import type { Logger } from 'pino';
import type { WorkSummary } from '../../../schema/events/content-change.ts';
import { genreName } from '../domain/genres.ts';
import type { RowVectors } from '../domain/semantic.ts';
import type { TitleIndex } from '../domain/title-index.ts';
import type { TextEmbedder } from './text-embedder.ts';

/** Titles between which requests are served. */
const BATCH = 32;

export class TitleVectors {
  readonly #embedder: TextEmbedder;
  readonly #logger: Logger;
  /** By work id. */
  #known = new Map<string, { readonly text: string; readonly vector: Float32Array }>();
  #assembled: { readonly index: TitleIndex; readonly vectors: RowVectors } | null = null;
  #looked: TitleIndex | null = null;
  #running: Promise<void> = Promise.resolve();
  #isRunning = false;
  #isClosed = false;

  constructor(embedder: TextEmbedder, logger: Logger) {
    this.#embedder = embedder;
    this.#logger = logger;
  }

  /** Null until the first pass is over. Never waits. */
  of(index: TitleIndex): RowVectors | null {
    if (this.#looked !== index && !this.#isRunning && !this.#isClosed) {
      this.#isRunning = true;
      this.#running = this.#embedAll(index);
    }
    if (this.#assembled === null || this.#assembled.index === index) return this.#assembled?.vectors ?? null;
    this.#assembled = { index, vectors: this.#assemble(index) };
    return this.#assembled.vectors;
  }

  /** Resolves when what is under way has ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#running;
  }

  async #embedAll(index: TitleIndex): Promise<void> {
    try {
      const wanted = index.works.map((work) => ({ id: work.id, text: textOf(work) }));
      const missing = wanted.filter(({ id, text }) => this.#known.get(id)?.text !== text);
      for (let at = 0; at < missing.length && !this.#isClosed; at += BATCH) {
        const batch = missing.slice(at, at + BATCH);
        const vectors = await this.#embedder.embed(batch.map(({ text }) => text));
        for (const [i, { id, text }] of batch.entries())
          this.#known.set(id, { text, vector: vectors[i] as Float32Array });
      }
      this.#known = new Map([...this.#known].filter(([id]) => index.rowOf.has(id)));
      if (missing.length > 0) this.#assembled = { index, vectors: this.#assemble(index) };
    } catch (error) {
      this.#logger.error({ err: error }, 'titles are not embedded: words decide for those');
    }
    this.#looked = index; // after a failure, too: the next change of the catalogue tries again
    this.#isRunning = false;
  }

  #assemble({ size, rowOf }: TitleIndex): RowVectors {
    const [first] = this.#known.values();
    const width = first?.vector.length ?? 0;
    const values = new Float32Array(size * width);
    for (const [id, { vector }] of this.#known) {
      const row = rowOf.get(id);
      if (row !== undefined && vector.length === width) values.set(vector, row * width);
    }
    return { width, values };
  }
}

const textOf = ({ title, genres, moodTags, description }: WorkSummary): string =>
  [title, genres.map(genreName).join(', '), moodTags.join(', '), description ?? '']
    .filter((part) => part !== '')
    .join('. ');
