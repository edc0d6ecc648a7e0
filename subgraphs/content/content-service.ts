/** The questions one can ask of the catalogue. Checks what clients send; the same answer for everybody. */
import { createHash } from 'node:crypto';
import type { Clock } from '../../platform/ports/clock.ts';
import { AppError } from '../../schema/errors.ts';
import { PLATFORMS, type PlatformName } from '../../schema/events/content-sync.ts';
import type { CatalogueView, FacetCounts, Page, SortOrder, WorkFilter } from './catalogue-view.ts';
import type { ContentCollections } from './content-collections.ts';
import { currentOffers, type Wanted } from './domain/availability.ts';
import { decodeCursor, encodeCursor } from './domain/cursors.ts';
import { fold } from './domain/text.ts';
import type { Work, WorkOffer } from './domain/work.ts';
import type { FeedState, HeldFeed } from './feed-state.ts';
import type { Quarantine } from './quarantine.ts';
import { best, byScore, matchedIn, type SearchIndex } from './search-index.ts';

const MOST_PER_PAGE = 100;
const MOST_SUGGESTIONS = 50;
const LONGEST_QUERY = 200;
const LONGEST_LIST = 100;

/** A filter as a client gives it; an empty list narrows as little as none. */
export interface FilterInput {
  readonly platforms?: readonly PlatformName[] | null;
  readonly types?: readonly Work['type'][] | null;
  readonly genres?: readonly string[] | null;
  readonly maxMinAge?: number | null;
  readonly releasedFrom?: number | null;
  readonly releasedTo?: number | null;
  readonly country?: string | null;
}

export interface SearchPage extends Page<{ readonly score: number; readonly matched: string[] }> {
  readonly facets: readonly FacetCounts[];
}

export interface PlatformStatus {
  readonly platform: PlatformName;
  readonly sourceRecords: number;
  readonly works: number;
  readonly quarantined: number;
  /** Ms since the epoch. */
  readonly lastSnapshotAt: number | null;
  readonly lastChangeAt: number | null;
  readonly held: HeldFeed | null;
}

export interface ContentServiceParts {
  readonly collections: ContentCollections;
  readonly view: CatalogueView;
  readonly search: SearchIndex;
  readonly quarantine: Quarantine;
  readonly feeds: FeedState;
  readonly clock: Clock;
}

export class ContentService {
  readonly #parts: ContentServiceParts;

  constructor(parts: ContentServiceParts) {
    this.#parts = parts;
  }

  /** @throws AppError BAD_USER_INPUT, CURSOR_INVALID */
  catalogue(filter: FilterInput | null, sort: SortOrder, first: number, after: string | null): Page<object> {
    checkCount('first', first, MOST_PER_PAGE);
    return this.#parts.view.page(checkedFilter(filter), sort, first, after, this.#parts.clock.now());
  }

  /** @throws AppError BAD_USER_INPUT, CURSOR_INVALID */
  search(query: string, filter: FilterInput | null, first: number, after: string | null): SearchPage {
    checkCount('first', first, MOST_PER_PAGE);
    checkLength('query', query);
    const { view, search, clock } = this.#parts;
    const wanted = checkedFilter(filter);
    const now = clock.now();
    const { kept: hits, facets } = view.narrowed(search.search(query), wanted, now);
    const list = `search:${digestOf(query)}`;
    const start = after === null ? null : decodeCursor<number>(list, 'number', after);
    const rest = start === null ? hits : hits.filter((hit) => byScore({ id: start.id, score: start.key }, hit) < 0);
    return {
      edges: best(rest, first).map((hit) => {
        const { id, score } = hit;
        return { id, score, matched: matchedIn(hit), cursor: encodeCursor(list, { key: score, id }) };
      }),
      hasNextPage: rest.length > first,
      totalCount: hits.length,
      facets,
    };
  }

  /** Works to offer while somebody types; best first. @throws AppError BAD_USER_INPUT */
  suggest(prefix: string, first: number): { readonly text: string; readonly id: string }[] {
    checkCount('first', first, MOST_SUGGESTIONS);
    checkLength('prefix', prefix);
    const { view, search, clock } = this.#parts;
    const wanted = checkedFilter(null);
    const now = clock.now();
    const hits = search.suggest(prefix);
    // Most can be watched: the best few are enough, but for those that cannot.
    for (let count = first * 2; ; count *= 4) {
      const shown = best(hits, count).filter(({ id }) => view.has(id, wanted, now));
      if (shown.length < first && count < hits.length) continue;
      return shown.slice(0, first).map(({ id }) => ({ id, text: view.get(id)?.title ?? '' }));
    }
  }

  /** Offers that can be watched now. @throws AppError BAD_USER_INPUT */
  offersOf(work: Work, platforms: readonly PlatformName[] | null, country: string | null): WorkOffer[] {
    return currentOffers(work, checkedWanted({ platforms, country }), this.#parts.clock.now());
  }

  /** The leading names. @throws AppError BAD_USER_INPUT */
  castOf(work: Work, first: number): readonly string[] {
    checkCount('first', first, MOST_PER_PAGE);
    return work.cast.slice(0, first);
  }

  status(): Promise<PlatformStatus[]> {
    return Promise.all(PLATFORMS.map((platform) => this.#statusOf(platform)));
  }

  async #statusOf(platform: PlatformName): Promise<PlatformStatus> {
    const { collections, view, quarantine, feeds, clock } = this.#parts;
    const { sources } = collections;
    const [sourceRecords, [snapshot], [change], held] = await Promise.all([
      sources.countDocuments({ platform, state: 'live' }),
      sources.find({ platform }, { sort: { platform: 1, snapshotAt: -1 }, limit: 1 }).toArray(),
      sources.find({ platform }, { sort: { platform: 1, changedAt: -1 }, limit: 1 }).toArray(),
      feeds.heldOf(platform),
    ]);
    return {
      platform,
      sourceRecords,
      works: view.countOn(platform, clock.now()),
      quarantined: quarantine.countOf(platform),
      lastSnapshotAt: snapshot?.snapshotAt ?? null,
      lastChangeAt: change?.changedAt ?? null,
      held,
    };
  }
}

function checkedFilter(filter: FilterInput | null): WorkFilter {
  const { types, genres, maxMinAge, releasedFrom, releasedTo } = filter ?? {};
  for (const list of [types, genres]) checkList(list);
  return {
    ...checkedWanted(filter ?? {}),
    types: types?.length ? new Set(types) : null,
    genres: genres?.length ? genres : null,
    maxMinAge: maxMinAge ?? null,
    releasedFrom: releasedFrom ?? null,
    releasedTo: releasedTo ?? null,
  };
}

function checkedWanted({ platforms, country }: Pick<FilterInput, 'platforms' | 'country'>): Wanted {
  checkList(platforms);
  if (country && !/^[a-z]{2}$/i.test(country)) {
    throw new AppError('BAD_USER_INPUT', `country is two letters, as IN or US; "${country.slice(0, 20)}" is not.`);
  }
  return { platforms: platforms?.length ? new Set(platforms) : null, country: country ? country.toUpperCase() : null };
}

function checkList(list: readonly unknown[] | null | undefined): void {
  if (list && list.length > LONGEST_LIST) {
    throw new AppError('BAD_USER_INPUT', `A list of a filter has at most ${LONGEST_LIST} entries, not ${list.length}.`);
  }
}

function checkCount(name: string, count: number, most: number): void {
  if (!(count >= 1 && count <= most)) throw new AppError('BAD_USER_INPUT', `${name} is 1 to ${most}, not ${count}.`);
}

function checkLength(name: string, text: string): void {
  if (text.length <= LONGEST_QUERY) return;
  throw new AppError('BAD_USER_INPUT', `${name} has at most ${LONGEST_QUERY} characters, not ${text.length}.`);
}

const digestOf = (query: string): string => createHash('sha256').update(fold(query)).digest('base64url').slice(0, 8);
