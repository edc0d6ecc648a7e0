/**
 * What requests are answered from: the titles as an index, and what is popular. Built from the catalogue and the popularity when
 * they changed, at most once a second, so that a stream of changes does not stop requests. Times: ms since the epoch.
 */
import type { Catalogue } from './catalogue.ts';
import type { Popularity, RowPopularity } from './popularity.ts';
import type { Crowd } from './preference.ts';
import { buildTitleIndex, type TitleIndex } from './title-index.ts';
import { Vocabulary } from './vocabulary.ts';

const MIN_AGE_MS = 1_000;
/** Terms of works that are gone stay in the vocabulary; past this, and twice its first size, it is read anew. */
const MAX_TERMS = 500_000;

export interface Snapshot {
  readonly index: TitleIndex;
  readonly popularity: RowPopularity;
  readonly crowd: Crowd;
}

export class Snapshots {
  readonly #catalogue: Catalogue;
  readonly #popularity: Popularity;
  #vocabulary = new Vocabulary();
  #wordsAtFirst = 0;
  #snapshot: Snapshot | null = null;
  #builtAt = Number.NEGATIVE_INFINITY;
  #catalogueRevision = -1;
  #popularityRevision = -1;

  constructor(catalogue: Catalogue, popularity: Popularity) {
    this.#catalogue = catalogue;
    this.#popularity = popularity;
  }

  /** At most a second old. Cost: nothing while nothing changed, else linear in what changed of the two. */
  at(now: number): Snapshot {
    const age = Math.abs(now - this.#builtAt);
    const titlesChanged = this.#catalogueRevision !== this.#catalogue.revision;
    const playsChanged = this.#popularityRevision !== this.#popularity.revision;
    if (this.#snapshot !== null && (age < MIN_AGE_MS || !(titlesChanged || playsChanged))) return this.#snapshot;
    const index = this.#snapshot === null || titlesChanged ? this.#buildIndex() : this.#snapshot.index;
    this.#catalogueRevision = this.#catalogue.revision;
    this.#popularityRevision = this.#popularity.revision;
    this.#builtAt = now;
    this.#snapshot = {
      index,
      popularity: this.#popularity.byRow(index, this.#catalogue, now),
      crowd: this.#popularity.crowd(index, now),
    };
    return this.#snapshot;
  }

  #buildIndex(): TitleIndex {
    if (this.#vocabulary.size > Math.max(MAX_TERMS, 2 * this.#wordsAtFirst)) {
      this.#vocabulary = new Vocabulary();
      this.#wordsAtFirst = 0;
    }
    const index = buildTitleIndex(this.#catalogue.works(), this.#vocabulary);
    this.#wordsAtFirst ||= this.#vocabulary.size;
    return index;
  }
}
