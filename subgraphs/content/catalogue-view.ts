/**
 * What lists of works are made from, in memory: filter, order, pages and facets over a few fields of every work. It is a copy
 * of the store, brought up to date by whoever owns it; texts and people stay in the store.
 */
import { PLATFORMS, type PlatformName } from '../../schema/events/content-sync.ts';
import { type Availability, availabilityOf, isAvailable, type Wanted } from './domain/availability.ts';
import { decodeCursor, encodeCursor, type Position } from './domain/cursors.ts';
import { bandOf, type MaturityBand } from './domain/maturity.ts';
import { sortKey } from './domain/text.ts';
import type { Work } from './domain/work.ts';

export type SortOrder = 'RECENTLY_ADDED' | 'RELEASE_YEAR' | 'TITLE' | 'POPULARITY';

/** Null does not narrow. */
export interface WorkFilter extends Wanted {
  readonly types: ReadonlySet<Work['type']> | null;
  readonly genres: readonly string[] | null;
  readonly maxMinAge: number | null;
  readonly releasedFrom: number | null;
  readonly releasedTo: number | null;
}

export interface ViewEntry {
  readonly id: string;
  readonly type: Work['type'];
  readonly title: string;
  readonly releaseYear: number | null;
  readonly minAge: number | null;
  readonly band: MaturityBand;
  readonly genres: readonly string[];
  readonly offers: readonly Availability[];
  readonly addedAt: number | null;
  readonly sortTitle: string;
}

export interface Page<T> {
  readonly edges: readonly (T & { readonly id: string; readonly cursor: string })[];
  readonly hasNextPage: boolean;
  readonly totalCount: number;
}

export interface FacetCounts {
  readonly name: string;
  readonly values: readonly { readonly value: string; readonly count: number }[];
}

/** Undated and yearless works come last in descending order. */
const UNKNOWN = -1;
/** More than any time in ms: the number of platforms outweighs it. */
const PER_PLATFORM = 1e14;

const KEYS: Readonly<Record<SortOrder, (entry: ViewEntry) => string | number>> = {
  RECENTLY_ADDED: ({ addedAt }) => addedAt ?? UNKNOWN,
  RELEASE_YEAR: ({ releaseYear }) => releaseYear ?? UNKNOWN,
  TITLE: ({ sortTitle }) => sortTitle,
  POPULARITY: ({ offers, addedAt }) => platformsOf(offers).size * PER_PLATFORM + (addedAt ?? 0),
};

export class CatalogueView {
  readonly #entries = new Map<string, ViewEntry>();
  /** Entries in order; emptied by any change, made again by the next question. */
  readonly #sorted = new Map<SortOrder, readonly ViewEntry[]>();

  get size(): number {
    return this.#entries.size;
  }

  get(id: string): ViewEntry | null {
    return this.#entries.get(id) ?? null;
  }

  set(work: Work): void {
    const { id, type, title, releaseYear, minAge, genres, addedAt } = work;
    const offers = work.offers.map(availabilityOf);
    const derived = { band: bandOf(minAge), sortTitle: sortKey(title) };
    this.#entries.set(id, { id, type, title, releaseYear, minAge, genres, offers, addedAt, ...derived });
    this.#sorted.clear();
  }

  delete(id: string): void {
    if (this.#entries.delete(id)) this.#sorted.clear();
  }

  /** Whether a work is one of those wanted, and can be watched now. `now`: ms since the epoch. */
  has(id: string, filter: WorkFilter, now: number): boolean {
    const entry = this.#entries.get(id);
    return entry !== undefined && passes(entry, filter, now);
  }

  /** One page in order. O(works). @throws AppError CURSOR_INVALID */
  page(filter: WorkFilter, sort: SortOrder, first: number, after: string | null, now: number): Page<object> {
    const keyOf = KEYS[sort];
    const start =
      after === null ? null : decodeCursor<string | number>(sort, sort === 'TITLE' ? 'string' : 'number', after);
    const edges: { id: string; cursor: string }[] = [];
    let hasNextPage = false;
    let totalCount = 0;
    for (const entry of this.#inOrder(sort)) {
      if (!passes(entry, filter, now)) continue;
      totalCount += 1;
      const position = { key: keyOf(entry), id: entry.id };
      if (start !== null && compareIn(sort, position, start) <= 0) continue;
      if (edges.length < first) edges.push({ id: entry.id, cursor: encodeCursor(sort, position) });
      else hasNextPage = true;
    }
    return { edges, hasNextPage, totalCount };
  }

  /** Works that a platform offers now. */
  countOn(platform: PlatformName, now: number): number {
    const wanted: Wanted = { platforms: new Set([platform]), country: null };
    let count = 0;
    for (const { offers } of this.#entries.values())
      if (offers.some((offer) => isAvailable(offer, wanted, now))) count += 1;
    return count;
  }

  /**
   * Those of the hits that are wanted and can be watched now, and how many of them have which platform, type, genre and age
   * band, the most frequent value first. One look at each work: they lie scattered in memory, and may be all there are.
   */
  narrowed<T extends { readonly id: string }>(
    hits: readonly T[],
    filter: WorkFilter,
    now: number,
  ): { readonly kept: readonly T[]; readonly facets: FacetCounts[] } {
    const kept: T[] = [];
    const counts = { platform: new Map(), type: new Map(), genre: new Map(), maturity: new Map() } as const;
    const anywhere = { platforms: null, country: filter.country };
    /** By the set of platforms that have a work, a bit each. */
    const bySet = new Array<number>(1 << PLATFORMS.length).fill(0);
    for (const hit of hits) {
      const entry = this.#entries.get(hit.id);
      if (!entry || !passes(entry, filter, now)) continue;
      kept.push(hit);
      let set = 0;
      for (const offer of entry.offers) {
        if (isAvailable(offer, anywhere, now)) set |= 1 << PLATFORMS.indexOf(offer.platform);
      }
      bySet[set] = (bySet[set] ?? 0) + 1;
      increment(counts.type, entry.type);
      for (const genre of entry.genres) increment(counts.genre, genre);
      increment(counts.maturity, entry.band);
    }
    for (const [bit, platform] of PLATFORMS.entries()) {
      const count = bySet.reduce((sum, works, set) => sum + (set & (1 << bit) ? works : 0), 0);
      if (count > 0) counts.platform.set(platform.toUpperCase(), count);
    }
    const facets = Object.entries(counts).map(([name, values]) => ({
      name,
      values: [...values]
        .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
        .map(([value, count]) => ({ value, count })),
    }));
    return { kept, facets };
  }

  #inOrder(sort: SortOrder): readonly ViewEntry[] {
    const known = this.#sorted.get(sort);
    if (known) return known;
    const keyOf = KEYS[sort];
    const positions = [...this.#entries.values()].map((entry) => ({ key: keyOf(entry), id: entry.id, entry }));
    const sorted = positions.sort((a, b) => compareIn(sort, a, b)).map(({ entry }) => entry);
    this.#sorted.set(sort, sorted);
    return sorted;
  }
}

/** Titles ascend, all else descends; ties in the order of their ids. */
function compareIn(sort: SortOrder, a: Position<string | number>, b: Position<string | number>): number {
  if (a.key !== b.key) return (a.key < b.key ? -1 : 1) * (sort === 'TITLE' ? 1 : -1);
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

function passes(entry: ViewEntry, filter: WorkFilter, now: number): boolean {
  const { types, genres, maxMinAge, releasedFrom, releasedTo } = filter;
  const { minAge, releaseYear } = entry;
  return (
    (types === null || types.has(entry.type)) &&
    (genres === null || genres.some((genre) => entry.genres.includes(genre))) &&
    (maxMinAge === null || (minAge !== null && minAge <= maxMinAge)) &&
    (releasedFrom === null || (releaseYear !== null && releaseYear >= releasedFrom)) &&
    (releasedTo === null || (releaseYear !== null && releaseYear <= releasedTo)) &&
    entry.offers.some((offer) => isAvailable(offer, filter, now))
  );
}

const platformsOf = (offers: readonly Availability[]): Set<PlatformName> =>
  new Set(offers.map(({ platform }) => platform));

function increment(counts: Map<string, number>, value: string): void {
  counts.set(value, (counts.get(value) ?? 0) + 1);
}
