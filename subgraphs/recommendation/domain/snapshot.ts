/**
 * What requests are answered from: the titles as an index, what is popular, and which offers are open. Built from the catalogue and the popularity when
 * they changed, at most once a second, so that a stream of changes does not stop requests. Times: ms since the epoch.
 */
import type { Catalogue } from './catalogue.ts';
import type { CoOccurrence } from './co-occurrence.ts';
import { type OpenOffers, openOffersAt } from './open-offers.ts';
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
  readonly openOffers: OpenOffers;
  /** Null where nobody counts who watches what together. */
  readonly neighbours: Neighbours | null;
}

/** Titles watched by the same people, by row. */
export interface Neighbours {
  readonly counts: CoOccurrence;
  /** Row of each of its titles; -1: none. */
  readonly rows: Int32Array;
}

export class Snapshots {
  readonly #catalogue: Catalogue;
  readonly #popularity: Popularity;
  readonly #coOccurrence: CoOccurrence | null;
  #vocabulary = new Vocabulary();
  #wordsAtFirst = 0;
  #snapshot: Snapshot | null = null;
  #builtAt = Number.NEGATIVE_INFINITY;
  #catalogueRevision = -1;
  #popularityRevision = -1;

  constructor(catalogue: Catalogue, popularity: Popularity, coOccurrence: CoOccurrence | null = null) {
    this.#catalogue = catalogue;
    this.#coOccurrence = coOccurrence;
    this.#popularity = popularity;
  }

  /** At most a second old. Cost: nothing while nothing changed, else linear in what changed of the two. */
  at(now: number): Snapshot {
    const age = Math.abs(now - this.#builtAt);
    const titlesChanged = this.#catalogueRevision !== this.#catalogue.revision;
    const playsChanged = this.#popularityRevision !== this.#popularity.revision;
    const known = this.#snapshot;
    const offersChanged = known === null || now >= known.openOffers.until || now < this.#builtAt;
    if (known !== null && (age < MIN_AGE_MS || !(titlesChanged || playsChanged || offersChanged))) return known;
    const counts = this.#coOccurrence;
    const index = known === null || titlesChanged ? this.#buildIndex() : known.index;
    this.#catalogueRevision = this.#catalogue.revision;
    this.#popularityRevision = this.#popularity.revision;
    this.#builtAt = now;
    this.#snapshot = {
      index,
      popularity: this.#popularity.byRow(index, this.#catalogue, now),
      crowd: this.#popularity.crowd(index, now),
      openOffers: offersChanged || titlesChanged ? openOffersAt(index, now) : known.openOffers,
      neighbours: counts && { counts, rows: counts.rowsIn(index, this.#catalogue) },
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
