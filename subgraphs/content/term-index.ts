/**
 * Which documents hold which words, in memory: exact words, beginnings of words, and words a few letters off (MiniSearch's radix
 * tree). Documents are small integers. It knows no scores and no order.
 */
import SearchableMap from 'minisearch/SearchableMap';
import { BoundedMap } from '../../platform/bounded-map.ts';

/** Bits of a posting for the mask of fields. */
const FIELD_BITS = 3;
const ALL_FIELDS = (1 << FIELD_BITS) - 1;
/** Beginnings up to so many letters have many words: their postings are kept side by side once somebody has asked. */
const LONGEST_GATHERED = 3;
/** Words whose like are remembered until the next change: one query asks up to three times. */
const MOST_ALIKE = 64;

/** A word that is like another, with its postings and the letters between them. */
type Alike = readonly [term: string, postings: readonly number[], distance: number];

/** Called for every document that holds a word; `fields` is a mask, `distance` in letters. */
export type Visit = (document: number, fields: number, termLength: number, distance: number) => void;

/** All postings of the words with one beginning: each with the length of its word. */
interface Gathered {
  readonly postings: Int32Array;
  readonly termLengths: Uint16Array;
}

export class TermIndex {
  /** A posting is a document and its mask of fields in one number. */
  readonly #postings = new SearchableMap<number[]>();
  /** At most one per beginning of a word that is in. */
  readonly #gathered = new Map<string, Gathered>();

  readonly #alike = new BoundedMap<string, readonly Alike[]>(MOST_ALIKE);

  /** Adds a document that is not in. The masks are of at most three fields. */
  add(document: number, fieldsByTerm: ReadonlyMap<string, number>): void {
    this.#alike.clear();
    for (const [term, fields] of fieldsByTerm) {
      this.#forgetBeginnings(term);
      const postings = this.#postings.get(term);
      const posting = (document << FIELD_BITS) | fields;
      if (postings) postings.push(posting);
      else this.#postings.set(term, [posting]);
    }
  }

  /** Removes a document from the terms with which it was added. */
  remove(document: number, terms: Iterable<string>): void {
    this.#alike.clear();
    for (const term of terms) {
      this.#forgetBeginnings(term);
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
    if (prefix.length > LONGEST_GATHERED) {
      for (const [term, postings] of this.#postings.atPrefix(prefix)) {
        this.#visitAll(postings, term, term.length - prefix.length, visit);
      }
      return;
    }
    const { postings, termLengths } = this.#gather(prefix);
    for (let i = 0; i < postings.length; i += 1) {
      const [posting, length] = [postings[i] ?? 0, termLengths[i] ?? 0];
      visit(posting >> FIELD_BITS, posting & ALL_FIELDS, length, length - prefix.length);
    }
  }

  /** The words that are fewest letters off, at most `most`: one put in, left out or replaced counts one. */
  fuzzy(word: string, most: number, visit: Visit): void {
    const key = `${most} ${word}`;
    let alike = this.#alike.get(key);
    if (!alike) {
      alike = [];
      // Nearly all errors are of one letter, and looking for those takes a fifth of the time.
      for (let letters = 1; letters <= most && alike.length === 0; letters += 1) alike = this.#within(word, letters);
      this.#alike.set(key, alike);
    }
    for (const [term, postings, distance] of alike) this.#visitAll(postings, term, distance, visit);
  }

  #within(word: string, letters: number): readonly Alike[] {
    const found = [...this.#postings.fuzzyGet(word, letters)];
    return found.flatMap(([term, [postings, distance]]): Alike[] => (distance > 0 ? [[term, postings, distance]] : []));
  }

  #gather(prefix: string): Gathered {
    const known = this.#gathered.get(prefix);
    if (known) return known;
    const [postings, termLengths]: [number[], number[]] = [[], []];
    for (const [term, found] of this.#postings.atPrefix(prefix)) {
      for (const posting of found) {
        postings.push(posting);
        termLengths.push(term.length);
      }
    }
    const gathered = { postings: Int32Array.from(postings), termLengths: Uint16Array.from(termLengths) };
    if (postings.length > 0) this.#gathered.set(prefix, gathered);
    return gathered;
  }

  #forgetBeginnings(term: string): void {
    for (let length = 1; length <= LONGEST_GATHERED; length += 1) this.#gathered.delete(term.slice(0, length));
  }

  #visitAll(postings: readonly number[] | undefined, term: string, distance: number, visit: Visit): void {
    if (!postings) return;
    for (const posting of postings) visit(posting >> FIELD_BITS, posting & ALL_FIELDS, term.length, distance);
  }
}
