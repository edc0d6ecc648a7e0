/**
 * Which documents hold which words, in memory: exact words, beginnings of words, and words a few letters off (MiniSearch's radix
 * tree). Documents are small integers. It knows no scores and no order.
 */
import SearchableMap from 'minisearch/SearchableMap';

/** Bits of a posting for the mask of fields. */
const FIELD_BITS = 3;
const ALL_FIELDS = (1 << FIELD_BITS) - 1;
/** A beginning of more words than this is taken at its first ones only: it narrows too little to be worth more. */
const MOST_EXPANSIONS = 5_000;

/** Called for every document that holds a word; `fields` is a mask, `distance` in letters. */
export type Visit = (document: number, fields: number, termLength: number, distance: number) => void;

export class TermIndex {
  /** A posting is a document and its mask of fields in one number. */
  readonly #postings = new SearchableMap<number[]>();

  /** Adds a document that is not in. The masks are of at most three fields. */
  add(document: number, fieldsByTerm: ReadonlyMap<string, number>): void {
    for (const [term, fields] of fieldsByTerm) {
      const postings = this.#postings.get(term);
      const posting = (document << FIELD_BITS) | fields;
      if (postings) postings.push(posting);
      else this.#postings.set(term, [posting]);
    }
  }

  /** Removes a document from the terms with which it was added. */
  remove(document: number, terms: Iterable<string>): void {
    for (const term of terms) {
      const postings = this.#postings.get(term);
      const at = postings?.findIndex((posting) => posting >> FIELD_BITS === document) ?? -1;
      if (!postings || at < 0) continue;
      postings[at] = postings[postings.length - 1] ?? 0;
      postings.pop();
      if (postings.length === 0) this.#postings.delete(term);
    }
  }

  has(term: string): boolean {
    return this.#postings.has(term);
  }

  exact(term: string, visit: Visit): void {
    this.#visitAll(this.#postings.get(term), term, 0, visit);
  }

  /** Words that begin with the prefix, itself included. */
  prefix(prefix: string, visit: Visit): void {
    let expansions = 0;
    for (const [term, postings] of this.#postings.atPrefix(prefix)) {
      this.#visitAll(postings, term, term.length - prefix.length, visit);
      if (++expansions >= MOST_EXPANSIONS) return;
    }
  }

  /** Words at most `most` letters off: one put in, left out or replaced counts one. */
  fuzzy(word: string, most: number, visit: Visit): void {
    for (const [term, [postings, distance]] of this.#postings.fuzzyGet(word, most)) {
      if (distance > 0) this.#visitAll(postings, term, distance, visit);
    }
  }

  #visitAll(postings: readonly number[] | undefined, term: string, distance: number, visit: Visit): void {
    if (!postings) return;
    for (const posting of postings) visit(posting >> FIELD_BITS, posting & ALL_FIELDS, term.length, distance);
  }
}
