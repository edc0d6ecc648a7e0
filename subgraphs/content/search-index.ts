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
  readonly matched: string[];
}

const MOST_ACTORS = 20;
const FIELDS = ['title', 'alternativeTitles', 'variants', 'people', 'genres'];
const TITLE_FIELDS = ['title', 'alternativeTitles', 'variants'];
const BOOST = { title: 5, alternativeTitles: 3, variants: 3, people: 2, genres: 1 };
/** Words shorter than this are taken as typed. */
const SHORTEST_FUZZY = 4;
/** One letter begins so many words that only titles are looked at for it. */
const SHORTEST_PREFIX = 2;
/** Edits allowed, as a part of the word's length. */
const FUZZINESS = 0.2;
const EXACT_TITLE = 3;
const TITLE_BEGINS = 2;
const PER_PLATFORM = 0.2;

export class SearchIndex {
  readonly #index = new MiniSearch<Work>({
    fields: FIELDS,
    extractField: (work, field) => textOf(work, field),
    tokenize: wordsOf,
    processTerm: (term) => term,
    searchOptions: {
      boost: BOOST,
      combineWith: 'AND',
      prefix: (term, position, terms) => position === terms.length - 1 && term.length >= SHORTEST_PREFIX,
      fuzzy: (term) => (term.length >= SHORTEST_FUZZY ? FUZZINESS : false),
      weights: { fuzzy: 0.3, prefix: 0.5 },
    },
  });
  /** What ranks a work beyond its words: the very title asked for comes first, then what more platforms have. */
  readonly #known = new Map<string, { readonly title: string; readonly platforms: number }>();

  get size(): number {
    return this.#index.documentCount;
  }

  set(work: Work): void {
    this.delete(work.id);
    this.#index.add(work);
    const platforms = new Set(work.offers.map(({ platform }) => platform)).size;
    this.#known.set(work.id, { title: fold(work.title), platforms });
  }

  delete(id: string): void {
    if (this.#known.delete(id)) this.#index.discard(id);
  }

  /** Works that have all the words; where there are none, those that have at least half of them. Best first. */
  search(query: string): Hit[] {
    const words = wordsOf(query);
    if (words.length === 0) return [];
    let found = this.#index.search(allOf(words), { fields: FIELDS });
    if (found.length === 0 && words.length > 1 && words.at(-1)?.length === 1) found = this.#beginning(words);
    if (found.length === 0 && words.length > 1) {
      const some = this.#index.search(words.join(' '), { fields: FIELDS, combineWith: 'OR', prefix: false });
      found = some.filter(({ queryTerms }) => queryTerms.length >= words.length / 2);
    }
    return this.#ranked(found, words);
  }

  /** Works by title only, for a query that is still being typed. Titles that begin with it come first. */
  suggest(prefix: string): Hit[] {
    const words = wordsOf(prefix);
    return words.length === 0 ? [] : this.#ranked(this.#beginning(words), words);
  }

  #beginning(words: readonly string[]): SearchResult[] {
    const prefix = (_: string, position: number, terms: string[]): boolean => position === terms.length - 1;
    return this.#index.search(words.join(' '), { fields: TITLE_FIELDS, prefix });
  }

  #ranked(found: readonly SearchResult[], words: readonly string[]): Hit[] {
    const asked = words.join(' ');
    return found
      .map((result) => this.#hitOf(result, asked))
      .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  }

  #hitOf({ id, score, match }: SearchResult, asked: string): Hit {
    const { title, platforms } = this.#known.get(id) ?? { title: '', platforms: 1 };
    const place = title === asked ? EXACT_TITLE : title.startsWith(asked) ? TITLE_BEGINS : 1;
    const factor = place * (1 + (platforms - 1) * PER_PLATFORM);
    const fields = new Set(
      Object.values(match)
        .flat()
        .map((field) => (field === 'variants' ? 'title' : field)),
    );
    return { id, score: score * factor, matched: FIELDS.filter((field) => fields.has(field)) };
  }
}

/** All the words, or all of them written as one: `meat loaf` finds "Meatloaf". */
function allOf(words: readonly string[]): Query {
  const asTyped = words.join(' ');
  if (words.length === 1 || words.length > 3) return asTyped;
  const asOne = { queries: [words.join('')], fields: TITLE_FIELDS, prefix: false, fuzzy: false };
  return { combineWith: 'OR', queries: [{ combineWith: 'AND', queries: [asTyped] }, asOne] };
}

function textOf(work: Work, field: string): string {
  if (field === 'id') return work.id;
  if (field === 'title') return work.title;
  if (field === 'alternativeTitles') return work.alternativeTitles.join(' ');
  if (field === 'variants') return [work.title, ...work.alternativeTitles].flatMap(spellingVariants).join(' ');
  if (field === 'people') return [...work.directors, ...work.cast.slice(0, MOST_ACTORS)].join(' ');
  return work.genres.map((id) => `${genreName(id)} ${id}`).join(' ');
}
