/**
 * Full-text search over works, in memory. Finds ids; what may be shown and how a page is cut is not its business. A score is of
 * the work and the query alone, not of what else is in the catalogue, so that cursors hold while works come and go.
 */
import { BoundedMap } from '../../platform/bounded-map.ts';
import { genreName } from './domain/genres.ts';
import { fold, spellingVariants, wordsOf } from './domain/text.ts';
import type { Work } from './domain/work.ts';
import { type Note, Sieve } from './sieve.ts';
import { TermIndex, type Visit } from './term-index.ts';

export interface Hit {
  readonly id: string;
  /** The work's number in this index, while it is in. */
  readonly document: number;
  readonly score: number;
  /** Mask of the fields in which it was found. */
  readonly fields: number;
}

/** Where a work was found: title, alternativeTitles, people, genres. */
export const matchedIn = ({ fields }: Pick<Hit, 'fields'>): string[] => FIELD_NAMES[fields] ?? [];

/** Best first; ties by id, so that a page always goes on where it ended. */
export const byScore = (a: Pick<Hit, 'id' | 'score'>, b: Pick<Hit, 'id' | 'score'>): number =>
  b.score - a.score || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** The first `count` of them, best first. O(hits) for a small count: nobody reads the rest. */
export function best(hits: Iterable<Hit>, count: number): Hit[] {
  const top: Hit[] = [];
  for (const hit of hits) {
    const last = top[count - 1];
    if (last && byScore(last, hit) < 0) continue;
    let at = top.length;
    for (let left = top[at - 1]; left && byScore(hit, left) < 0; left = top[at - 1]) at -= 1;
    top.splice(at, 0, hit);
    if (top.length > count) top.pop();
  }
  return top;
}

const MOST_ACTORS = 20;
const MOST_WORDS = 12;
/** Words shorter than this are taken as typed. */
const SHORTEST_FUZZY = 4;
/** Letters that may be wrong: one in five, at most two. */
const FUZZINESS = 0.2;
const MOST_EDITS = 2;
/** Beginnings shorter than this are looked for in titles only: they begin too many names. */
const SHORTEST_PREFIX_OF_NAMES = 3;
/** With fewer hits than this, words a few letters off are looked for, too. */
const FEW_HITS = 3;
/** Hits from which on an answer is worth remembering, and how many of them are. */
const LONG_ANSWER = 400;
const MOST_ANSWERS = 64;
const WHOLE_WORD = 1;
const WORD_BEGINS = 0.5;
const WORD_ALIKE = 0.3;
const EXACT_TITLE = 3;
const TITLE_BEGINS = 2;
const PER_PLATFORM = 0.2;
/** A title that is all words asked for counts so much more than an endless one. */
const COVERED = 0.3;

const TITLE = 1;
const ALTERNATIVE = 2;
const VARIANT = 4;
const PEOPLE = 1;
const GENRES = 2;
const TITLE_WEIGHTS = weightsOf([5, 3, 3]);
const OTHER_WEIGHTS = weightsOf([2, 1, 0]);
/** Masks of both indexes in one: titles in the low bits. */
const OTHER_SHIFT = 3;

const FIELD_NAMES: readonly string[][] = Array.from({ length: 32 }, (_, fields) => [
  ...(fields & (TITLE | VARIANT) ? ['title'] : []),
  ...(fields & ALTERNATIVE ? ['alternativeTitles'] : []),
  ...(fields & (PEOPLE << OTHER_SHIFT) ? ['people'] : []),
  ...(fields & (GENRES << OTHER_SHIFT) ? ['genres'] : []),
]);

interface Known {
  readonly id: string;
  readonly title: string;
  readonly wordCount: number;
  readonly platforms: number;
  readonly titleTerms: readonly string[];
  readonly otherTerms: readonly string[];
}

/** A hit whose score is not yet final. */
type Found = { -readonly [K in keyof Hit]: Hit[K] };

type Lookup = (word: string, isLast: boolean, note: Note) => void;

export class SearchIndex {
  readonly #titles = new TermIndex();
  readonly #others = new TermIndex();
  readonly #sieve = new Sieve();
  readonly #known: (Known | null)[] = [];
  readonly #documents = new Map<string, number>();
  /** Numbers of deleted documents, to be given again. */
  readonly #free: number[] = [];

  /** Long answers since the catalogue last changed: everybody begins with the same few letters. */
  readonly #answers = new BoundedMap<string, readonly Hit[]>(MOST_ANSWERS);

  get size(): number {
    return this.#documents.size;
  }

  /** Gives the number under which the work is found. */
  set(work: Work): number {
    this.delete(work.id);
    this.#answers.clear();
    const document = this.#free.pop() ?? this.#known.length;
    const titles = titleTerms(work);
    const others = otherTerms(work);
    this.#titles.add(document, titles);
    this.#others.add(document, others);
    this.#documents.set(work.id, document);
    const title = fold(work.title);
    this.#known[document] = {
      ...{ id: work.id, title, wordCount: title.split(' ').length },
      platforms: new Set(work.offers.map(({ platform }) => platform)).size,
      ...{ titleTerms: [...titles.keys()], otherTerms: [...others.keys()] },
    };
    return document;
  }

  delete(id: string): void {
    const document = this.#documents.get(id);
    const known = document === undefined ? null : this.#known[document];
    if (document === undefined || !known) return;
    this.#titles.remove(document, known.titleTerms);
    this.#others.remove(document, known.otherTerms);
    this.#documents.delete(id);
    this.#answers.clear();
    this.#known[document] = null;
    this.#free.push(document);
  }

  /** Works that have all the words; where there are few, words a few letters off; else those with half of them. In no order. */
  search(query: string): readonly Hit[] {
    return this.#remembered('search', query, (words) => this.#found(words));
  }

  /** Works by title only, for a query that is still being typed. Titles that begin with it score most. In no order. */
  suggest(prefix: string): readonly Hit[] {
    return this.#remembered('suggest', prefix, (words) => {
      const found = this.#withAll(words, this.#inTitles);
      if (found.length === 0) addMissing(found, this.#withAll(words, this.#alikeInTitles));
      return found;
    });
  }

  #remembered(kind: string, query: string, find: (words: readonly string[]) => Found[]): readonly Hit[] {
    const words = wordsOf(query).slice(0, MOST_WORDS);
    if (words.length === 0) return [];
    const key = `${kind} ${words.join(' ')}`;
    const known = this.#answers.get(key);
    if (known) return known;
    const hits = this.#scored(find(words), words);
    if (hits.length >= LONG_ANSWER) this.#answers.set(key, hits);
    return hits;
  }

  #found(words: readonly string[]): Found[] {
    const found = this.#withAll(words, this.#asTyped);
    if (found.length < FEW_HITS) {
      for (const joined of joinings(words)) addMissing(found, this.#withAll(joined, this.#asTyped));
    }
    if (found.length < FEW_HITS) addMissing(found, this.#withAll(words, this.#unknownAlike));
    if (found.length === 0) addMissing(found, this.#withAll(words, this.#alike));
    if (found.length === 0 && words.length > 1) addMissing(found, this.#withHalf(words));
    return found;
  }

  /** The last word may be unfinished; of a letter or two, in titles only. */
  readonly #asTyped: Lookup = (word, isLast, note) => {
    this.#inTitles(word, isLast, note);
    const visit = scoring(note, OTHER_WEIGHTS, OTHER_SHIFT, WORD_BEGINS);
    if (isLast && word.length >= SHORTEST_PREFIX_OF_NAMES) this.#others.prefix(word, visit);
    else this.#others.exact(word, visit);
  };

  readonly #inTitles: Lookup = (word, isLast, note) => {
    const visit = scoring(note, TITLE_WEIGHTS, 0, WORD_BEGINS);
    if (isLast) this.#titles.prefix(word, visit);
    else this.#titles.exact(word, visit);
  };

  /** Forgives errors in words that nothing has as they stand. */
  readonly #unknownAlike: Lookup = (word, isLast, note) => {
    if (this.#titles.has(word) || this.#others.has(word)) this.#asTyped(word, isLast, note);
    else this.#alike(word, isLast, note);
  };

  readonly #alike: Lookup = (word, isLast, note) => {
    this.#asTyped(word, isLast, note);
    const most = editsIn(word);
    if (most === 0) return;
    this.#titles.fuzzy(word, most, scoring(note, TITLE_WEIGHTS, 0, WORD_ALIKE));
    this.#others.fuzzy(word, most, scoring(note, OTHER_WEIGHTS, OTHER_SHIFT, WORD_ALIKE));
  };

  readonly #alikeInTitles: Lookup = (word, isLast, note) => {
    this.#inTitles(word, isLast, note);
    const most = editsIn(word);
    if (most > 0) this.#titles.fuzzy(word, most, scoring(note, TITLE_WEIGHTS, 0, WORD_ALIKE));
  };

  /** Documents that have every word. The longest word goes first: it leaves the fewest for the others. */
  #withAll(words: readonly string[], lookup: Lookup): Found[] {
    const sieve = this.#sieve;
    sieve.begin(this.#known.length);
    for (const [word, isLast] of longestFirst(words)) {
      lookup(word, isLast, sieve.note);
      if (sieve.endWord() === 0) return [];
    }
    return sieve.found((document, score, fields) => {
      const id = this.#known[document]?.id;
      return id === undefined ? null : { id, document, score, fields };
    });
  }

  /** Documents that have at least half of the words, whole or a few letters off. */
  #withHalf(words: readonly string[]): Found[] {
    const sum = new Map<number, Found & { words: number }>();
    for (const word of new Set(words)) {
      const found = this.#withAll([word], (it, _, note) => this.#unknownAlike(it, false, note));
      for (const hit of found) {
        const earlier = sum.get(hit.document) ?? { ...hit, score: 0, words: 0 };
        const score = earlier.score + hit.score;
        sum.set(hit.document, { ...hit, score, fields: hit.fields | earlier.fields, words: earlier.words + 1 });
      }
    }
    return [...sum.values()].filter((each) => each.words >= words.length / 2);
  }

  /** The same hits with their final scores. */
  #scored(found: readonly Found[], words: readonly string[]): readonly Hit[] {
    const asked = words.join(' ');
    for (const hit of found) {
      const known = this.#known[hit.document];
      if (!known) continue;
      const place = known.title === asked ? EXACT_TITLE : known.title.startsWith(asked) ? TITLE_BEGINS : 1;
      const isInTitle = (hit.fields & TITLE) !== 0;
      const covered = isInTitle ? 1 + (COVERED * Math.min(words.length, known.wordCount)) / known.wordCount : 1;
      hit.score *= place * covered * (1 + (known.platforms - 1) * PER_PLATFORM);
    }
    return found;
  }
}

function titleTerms(work: Work): Map<string, number> {
  const terms = new Map<string, number>();
  addTerms(terms, wordsOf(work.title), TITLE);
  for (const title of work.alternativeTitles) addTerms(terms, wordsOf(title), ALTERNATIVE);
  for (const title of [work.title, ...work.alternativeTitles]) {
    for (const variant of spellingVariants(title)) addTerms(terms, variant.split(' '), VARIANT);
  }
  return terms;
}

function otherTerms(work: Work): Map<string, number> {
  const terms = new Map<string, number>();
  for (const name of [...work.directors, ...work.cast.slice(0, MOST_ACTORS)]) addTerms(terms, nameTerms(name), PEOPLE);
  for (const id of work.genres) addTerms(terms, wordsOf(`${genreName(id)} ${id}`), GENRES);
  return terms;
}

/** The words of a name, and the given names of a longer one as one: `shahrukh` for `Shah Rukh Khan`. */
function nameTerms(name: string): string[] {
  const words = wordsOf(name);
  return words.length >= 3 ? [...words, words.slice(0, 2).join('')] : words;
}

function addTerms(terms: Map<string, number>, words: readonly string[], field: number): void {
  for (const word of words) terms.set(word, (terms.get(word) ?? 0) | field);
}

/** For each mask of fields the weight of its best field. */
function weightsOf(weights: readonly number[]): readonly number[] {
  return Array.from({ length: 1 << weights.length }, (_, mask) =>
    Math.max(0, ...weights.filter((_, bit) => mask & (1 << bit))),
  );
}

/** A visit that scores: whole words most, others by how much of the word was typed rightly. */
function scoring(note: Note, weights: readonly number[], shift: number, inexact: number): Visit {
  return (document, fields, termLength, distance) => {
    const part = distance === 0 ? WHOLE_WORD : inexact * (termLength / (termLength + distance));
    note(document, part * (weights[fields] ?? 0), fields << shift);
  };
}

/** What is there already was found in a better way. */
function addMissing(found: Found[], others: readonly Found[]): void {
  const known = new Set(found.map(({ document }) => document));
  for (const other of others) if (!known.has(other.document)) found.push(other);
}

function longestFirst(words: readonly string[]): (readonly [word: string, isLast: boolean])[] {
  return words.map((word, at) => [word, at === words.length - 1] as const).sort(([a], [b]) => b.length - a.length);
}

/** The words with two neighbours written as one: `meat loaf` finds "Meatloaf". */
function joinings(words: readonly string[]): string[][] {
  return words.slice(1).map((word, at) => [...words.slice(0, at), `${words[at]}${word}`, ...words.slice(at + 2)]);
}

const editsIn = (word: string): number =>
  word.length < SHORTEST_FUZZY ? 0 : Math.min(MOST_EDITS, Math.round(word.length * FUZZINESS));
