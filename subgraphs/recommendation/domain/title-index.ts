/**
 * All works as rows of typed arrays: TF-IDF vectors of length 1, forward (row to terms) and inverted (term to rows), and what
 * filters need. A snapshot: built from a catalogue, never changed. Rows are in the order of work ids, in every process.
 */
import type { WorkSummary } from '../../../schema/events/content-change.ts';
import { PLATFORMS } from '../../../schema/events/content-sync.ts';
import { genreCredits, MAX_GENRES } from './genres.ts';
import { type Term, termsOfText } from './terms.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A weight per term. */
export type TermVector = Map<number, number>;

export interface TitleIndex {
  readonly size: number;
  readonly works: readonly WorkSummary[];
  readonly rowOf: ReadonlyMap<string, number>;
  readonly vocabulary: Vocabulary;
  /** Rows `start[r]` to `start[r + 1]` of `terms` and `weights`; terms rise within a row. */
  readonly start: Uint32Array;
  readonly terms: Uint32Array;
  readonly weights: Float32Array;
  /** The same by term. */
  readonly postStart: Uint32Array;
  readonly postRows: Uint32Array;
  readonly postWeights: Float32Array;
  readonly idf: Float32Array;
  /** Genres by number, and three slots per row: genre number (-1: none). */
  readonly genres: readonly string[];
  readonly rowGenres: Int16Array;
  /** Works with the same genres in the same order are of one mix: its number by row, and one row of each mix. */
  readonly mixOf: Uint32Array;
  readonly mixRows: Uint32Array;
  /** Part of all works' genre credit, by genre number. */
  readonly genreShares: Float32Array;
  /** -1: unrated. */
  readonly minAges: Int16Array;
  /** When it was added, else its release; ms since the epoch. */
  readonly addedAts: Float64Array;
}

export const GENRE_SLOTS = MAX_GENRES;

/** Cost: linear in all terms of all works; about 100 ms for 25,000 works once their text has been read. */
export function buildTitleIndex(catalogued: Iterable<WorkSummary>, vocabulary: Vocabulary): TitleIndex {
  const works = [...catalogued].sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    size: works.length,
    works,
    rowOf: new Map(works.map((work, row) => [work.id, row])),
    vocabulary,
    ...buildVectors(works, vocabulary),
    ...buildGenres(works),
    minAges: Int16Array.from(works, ({ minAge }) => minAge ?? -1),
    addedAts: Float64Array.from(works, ({ addedAt, releaseYear }) => addedAt ?? Date.UTC(releaseYear ?? 1970, 0, 1)),
  };
}

/** Bit i for PLATFORMS[i]; 0 for a platform that is none of ours. */
export const platformBit = (platform: string): number => {
  const place = (PLATFORMS as readonly string[]).indexOf(platform);
  return place < 0 ? 0 : 1 << place;
};

function buildVectors(works: readonly WorkSummary[], vocabulary: Vocabulary) {
  const bags = works.map((work) => vocabulary.bagOf(work));
  const frequency = new Uint32Array(vocabulary.size);
  for (const { terms } of bags) for (const term of terms) frequency[term] = (frequency[term] as number) + 1;
  const idf = Float32Array.from(frequency, (df) => (df > 0 ? Math.log(1 + works.length / df) : 0));
  // A term of one work alone can match nothing: it counts in the length of the vector and takes no room.
  const shared = (term: number): boolean => (frequency[term] as number) > 1;
  const kept = bags.reduce((sum, { terms }) => sum + terms.reduce((n, term) => n + (shared(term) ? 1 : 0), 0), 0);
  const start = new Uint32Array(works.length + 1);
  const terms = new Uint32Array(kept);
  const weights = new Float32Array(kept);
  const postStart = new Uint32Array(vocabulary.size + 1);
  let at = 0;
  for (const [row, bag] of bags.entries()) {
    let square = 0;
    for (let i = 0; i < bag.terms.length; i += 1) {
      square += ((bag.weights[i] as number) * (idf[bag.terms[i] as number] as number)) ** 2;
    }
    const scale = 1 / (Math.sqrt(square) || 1);
    for (let i = 0; i < bag.terms.length; i += 1) {
      const term = bag.terms[i] as number;
      if (!shared(term)) continue;
      terms[at] = term;
      weights[at] = (bag.weights[i] as number) * (idf[term] as number) * scale;
      postStart[term + 1] = (postStart[term + 1] as number) + 1;
      at += 1;
    }
    start[row + 1] = at;
  }
  for (let term = 0; term < vocabulary.size; term += 1) {
    postStart[term + 1] = (postStart[term + 1] as number) + (postStart[term] as number);
  }
  return { start, terms, weights, idf, postStart, ...invert(works.length, start, terms, weights, postStart) };
}

function invert(size: number, start: Uint32Array, terms: Uint32Array, weights: Float32Array, postStart: Uint32Array) {
  const next = postStart.slice();
  const postRows = new Uint32Array(terms.length);
  const postWeights = new Float32Array(terms.length);
  for (let row = 0; row < size; row += 1) {
    for (let i = start[row] as number; i < (start[row + 1] as number); i += 1) {
      const place = next[terms[i] as number] as number;
      next[terms[i] as number] = place + 1;
      postRows[place] = row;
      postWeights[place] = weights[i] as number;
    }
  }
  return { postRows, postWeights };
}

function buildGenres(works: readonly WorkSummary[]) {
  const genres = [...new Set(works.flatMap((work) => work.genres))].sort();
  const numbers = new Map(genres.map((genre, number) => [genre, number]));
  const rowGenres = new Int16Array(works.length * GENRE_SLOTS).fill(-1);
  const mixOf = new Uint32Array(works.length);
  const mixes = new Map<number, number>();
  const mixRows: number[] = [];
  const genreShares = new Float32Array(genres.length);
  for (const [row, work] of works.entries()) {
    const told = genreCredits(work.genres);
    const total = told.reduce((sum, { credit }) => sum + credit, 0);
    let key = 0;
    for (const [slot, { genre, credit: part }] of told.entries()) {
      const credit = part / total;
      const number = numbers.get(genre) as number;
      rowGenres[row * GENRE_SLOTS + slot] = number;
      genreShares[number] = (genreShares[number] as number) + credit / works.length;
      key = key * (genres.length + 1) + number + 1;
    }
    const mix = mixes.get(key) ?? mixRows.push(row) - 1;
    mixes.set(key, mix);
    mixOf[row] = mix;
  }
  return { genres, rowGenres, mixOf, mixRows: Uint32Array.from(mixRows), genreShares };
}

/** Adds `factor` times a row's vector. */
export function addRow(index: TitleIndex, row: number, factor: number, into: TermVector): void {
  for (let i = index.start[row] as number; i < (index.start[row + 1] as number); i += 1) {
    const term = index.terms[i] as number;
    into.set(term, (into.get(term) ?? 0) + factor * (index.weights[i] as number));
  }
}

/** Adds `factor` times the vector of a title that is not in the index. */
export function addText(
  index: TitleIndex,
  title: string | null,
  genres: readonly string[],
  factor: number,
  into: TermVector,
): void {
  const known = termsOfText(title, genres).flatMap(({ key, weight }: Term) => {
    const term = index.vocabulary.numberOf(key);
    return term === undefined ? [] : [{ term, weight: (1 + Math.log(weight)) * (index.idf[term] ?? 0) }];
  });
  const length = Math.hypot(...known.map(({ weight }) => weight)) || 1;
  for (const { term, weight } of known) into.set(term, (into.get(term) ?? 0) + (factor * weight) / length);
}

/** Cosine of every row with a vector of any length, by row; only the `maxTerms` heaviest terms of it are followed. */
export function cosines(index: TitleIndex, vector: TermVector, maxTerms = 200): Float32Array {
  const found = new Float32Array(index.size);
  const heaviest = [...vector].sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]) || a[0] - b[0]).slice(0, maxTerms);
  const length = Math.sqrt(heaviest.reduce((sum, [, weight]) => sum + weight * weight, 0));
  if (length === 0) return found;
  for (const [term, weight] of heaviest) {
    const share = weight / length;
    const end = index.postStart[term + 1] ?? 0;
    for (let i = index.postStart[term] ?? 0; i < end; i += 1) {
      const row = index.postRows[i] as number;
      found[row] = (found[row] as number) + share * (index.postWeights[i] as number);
    }
  }
  return found;
}

/** Cosine of two rows. */
export function cosine(index: TitleIndex, a: number, b: number): number {
  let [i, j, dot] = [index.start[a] as number, index.start[b] as number, 0];
  const [iEnd, jEnd] = [index.start[a + 1] as number, index.start[b + 1] as number];
  while (i < iEnd && j < jEnd) {
    const difference = (index.terms[i] as number) - (index.terms[j] as number);
    if (difference === 0) dot += (index.weights[i] as number) * (index.weights[j] as number);
    if (difference <= 0) i += 1;
    if (difference >= 0) j += 1;
  }
  return dot;
}
