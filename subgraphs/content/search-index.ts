/**
 * Full-text search over works, in memory (MiniSearch: BM25+, prefix, edit distance). Finds ids; what may be shown and how a
 * page is cut is not its business.
 */
import MiniSearch, { type Query, type SearchResult } from 'minisearch';
import { genreName } from './domain/genres.ts';
import { fold, spellingVariants, wordsOf } from './domain/text.ts';
import type { Work } from './domain/work.ts';

export interface Hit {
  readonly id: string;
  readonly score: number;
  /** Where it was found: title, alternativeTitles, people, genres. */
  readonly matched: readonly string[];
}

const MOST_ACTORS = 20;
const FIELDS = ['title', 'alternativeTitles', 'variants', 'people', 'genres'];
const TITLE_FIELDS = ['title', 'alternativeTitles', 'variants'];
const BOOST = { title: 5, alternativeTitles: 3, variants: 3, people: 2, genres: 1 };
/** Words shorter than this are taken as typed. */
const SHORTEST_FUZZY = 4;
/** Edits allowed, as a part of the word's length. */
const FUZZINESS = 0.2;
const EXACT_TITLE = 3;
const TITLE_BEGINS = 1.5;

export class SearchIndex {
  readonly #index = new MiniSearch<Work>({
    fields: FIELDS,
    extractField: (work, field) => textOf(work, field),
    tokenize: wordsOf,
    processTerm: (term) => term,
    searchOptions: {
      boost: BOOST,
      combineWith: 'AND',
      prefix: (_, position, terms) => position === terms.length - 1,
      fuzzy: (term) => (term.length >= SHORTEST_FUZZY ? FUZZINESS : false),
      weights: { fuzzy: 0.3, prefix: 0.5 },
    },
  });
  /** Folded titles, to put the very title asked for first. */
  readonly #titles = new Map<string, string>();

  get size(): number {
    return this.#index.documentCount;
  }

  set(work: Work): void {
    this.delete(work.id);
    this.#index.add(work);
    this.#titles.set(work.id, fold(work.title));
  }

  delete(id: string): void {
    if (this.#titles.delete(id)) this.#index.discard(id);
  }

  /** Works that have all the words, or where there are none, some of them; best first. */
  search(query: string): Hit[] {
    return this.#find(query, FIELDS);
  }

  /** Works by title only, for a query that is still being typed. */
  suggest(prefix: string): Hit[] {
    return this.#find(prefix, TITLE_FIELDS);
  }

  #find(text: string, fields: string[]): Hit[] {
    const words = wordsOf(text);
    if (words.length === 0) return [];
    const all = this.#index.search(questionOf(words), { fields });
    const found = all.length > 0 || words.length === 1 ? all : this.#index.search(text, { fields, combineWith: 'OR' });
    const asked = words.join(' ');
    return found.map((result) => this.#hitOf(result, asked)).sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  }

  #hitOf({ id, score, match }: SearchResult, asked: string): Hit {
    const title = this.#titles.get(id) ?? '';
    const factor = title === asked ? EXACT_TITLE : title.startsWith(asked) ? TITLE_BEGINS : 1;
    const fields = new Set(Object.values(match).flat().map((field) => (field === 'variants' ? 'title' : field)));
    return { id, score: score * factor, matched: FIELDS.filter((field) => fields.has(field)) };
  }
}

/** The words, or all of them written as one: `meat loaf` finds "Meatloaf". */
function questionOf(words: readonly string[]): Query {
  const asTyped = words.join(' ');
  if (words.length === 1 || words.length > 3) return asTyped;
  return { combineWith: 'OR', queries: [asTyped, { queries: [words.join('')], prefix: false, fuzzy: false }] };
}

function textOf(work: Work, field: string): string {
  if (field === 'id') return work.id;
  if (field === 'title') return work.title;
  if (field === 'alternativeTitles') return work.alternativeTitles.join(' ');
  if (field === 'variants') return [work.title, ...work.alternativeTitles].flatMap(spellingVariants).join(' ');
  if (field === 'people') return [...work.directors, ...work.cast.slice(0, MOST_ACTORS)].join(' ');
  return work.genres.map(genreName).join(' ');
}
