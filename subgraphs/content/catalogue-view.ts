/**
 * What lists of works are made from, in memory: filter, order, pages and facets over a few fields of every work. It is a copy
 * of the store, brought up to date by whoever owns it; texts and people stay in the store.
 */
import { PLATFORMS, type PlatformName } from '../../schema/events/content-sync.ts';
import {
  ALL_PLATFORMS,
  type Availability,
  availabilityOf,
  conditionsOf,
  isAlways,
  platformSet,
  platformsIn,
  type Wanted,
} from './domain/availability.ts';
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
  /** The same by number, for counting. */
  readonly genreNumbers: readonly number[];
  /** Platforms that have it at any time and anywhere, a bit each. */
  readonly always: number;
  /** Offers that depend on time or country. */
  readonly conditional: readonly Availability[];
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

const KEYS: Readonly<Record<SortOrder, (entry: ViewEntry, now: number) => string | number>> = {
  RECENTLY_ADDED: ({ addedAt }) => addedAt ?? UNKNOWN,
  RELEASE_YEAR: ({ releaseYear }) => releaseYear ?? UNKNOWN,
  TITLE: ({ sortTitle }) => sortTitle,
  POPULARITY: (entry, now) => sizeOf(platformsNow(entry, null, now)) * PER_PLATFORM + (entry.addedAt ?? 0),
};

const TYPES = ['MOVIE', 'SERIES'] as const;
const BANDS: readonly MaturityBand[] = ['U', 'UA_7', 'UA_13', 'UA_16', 'A', 'UNRATED'];

/** Entries in an order that holds from one moment until a window opens or closes. */
interface Sorted {
  readonly entries: readonly ViewEntry[];
  readonly fromMs: number;
  readonly untilMs: number;
}

export class CatalogueView {
  readonly #entries = new Map<string, ViewEntry>();
  /** The same by their numbers in the search index, which need no look-up. */
  readonly #byDocument: (ViewEntry | undefined)[] = [];
  /** Emptied by any change, made again by the next question. */
  readonly #sorted = new Map<SortOrder, Sorted>();
  readonly #genres = new Numbers();

  get size(): number {
    return this.#entries.size;
  }

  get(id: string): ViewEntry | null {
    return this.#entries.get(id) ?? null;
  }

  /** `document`: the work's number in the search index. */
  set(work: Work, document: number): void {
    const { id, type, title, releaseYear, minAge, genres, addedAt } = work;
    const offers = work.offers.map(availabilityOf);
    const entry: ViewEntry = {
      ...{ id, type, title, releaseYear, minAge, genres, addedAt },
      ...{ band: bandOf(minAge), sortTitle: sortKey(title) },
      genreNumbers: genres.map((genre) => this.#genres.of(genre)),
      always: platformSet(offers.filter(isAlways).map(({ platform }) => platform)),
      conditional: conditionsOf(offers),
    };
    this.#entries.set(id, entry);
    this.#byDocument[document] = entry;
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
    for (const entry of this.#inOrder(sort, now)) {
      if (!passes(entry, filter, now)) continue;
      totalCount += 1;
      const position = { key: keyOf(entry, now), id: entry.id };
      if (start !== null && compareIn(sort, position, start) <= 0) continue;
      if (edges.length < first) edges.push({ id: entry.id, cursor: encodeCursor(sort, position) });
      else hasNextPage = true;
    }
    return { edges, hasNextPage, totalCount };
  }

  /** Works that a platform offers now. */
  countOn(platform: PlatformName, now: number): number {
    const wanted = platformSet([platform]);
    let count = 0;
    for (const entry of this.#entries.values()) if (platformsNow(entry, null, now) & wanted) count += 1;
    return count;
  }

  /**
   * Those of the hits that are wanted and can be watched now, and how many of them have which platform, type, genre and age
   * band, the most frequent value first. One look at each work: they lie scattered in memory, and may be all there are.
   */
  narrowed<T extends { readonly document: number }>(
    hits: readonly T[],
    filter: WorkFilter,
    now: number,
  ): { readonly kept: readonly T[]; readonly facets: FacetCounts[] } {
    const kept: T[] = [];
    const platformSets = new Uint32Array(ALL_PLATFORMS + 1);
    const types = new Uint32Array(TYPES.length);
    const genres = new Uint32Array(this.#genres.size);
    const bands = new Uint32Array(BANDS.length);
    for (const hit of hits) {
      const entry = this.#byDocument[hit.document];
      if (!entry || !passes(entry, filter, now)) continue;
      kept.push(hit);
      increment(platformSets, platformsNow(entry, filter.country, now));
      increment(types, entry.type === 'MOVIE' ? 0 : 1);
      for (const genre of entry.genreNumbers) increment(genres, genre);
      increment(bands, BANDS.indexOf(entry.band));
    }
    const platforms = PLATFORMS.map((platform) => {
      const bit = platformSet([platform]);
      return platformSets.reduce((sum, works, set) => sum + (set & bit ? works : 0), 0);
    });
    const names = PLATFORMS.map((platform) => platform.toUpperCase());
    const facets = [
      facet('platform', names, platforms),
      facet('type', TYPES, types),
      facet('genre', this.#genres.names, genres),
      facet('maturity', BANDS, bands),
    ];
    return { kept, facets };
  }

  #inOrder(sort: SortOrder, now: number): readonly ViewEntry[] {
    const known = this.#sorted.get(sort);
    if (known && now >= known.fromMs && now < known.untilMs) return known.entries;
    const keyOf = KEYS[sort];
    const positions = [...this.#entries.values()].map((entry) => ({ key: keyOf(entry, now), id: entry.id, entry }));
    const entries = positions.sort((a, b) => compareIn(sort, a, b)).map(({ entry }) => entry);
    this.#sorted.set(sort, {
      entries,
      fromMs: now,
      untilMs: sort === 'POPULARITY' ? this.#nextWindow(now) : Number.POSITIVE_INFINITY,
    });
    return entries;
  }

  /** When a window opens or closes next. */
  #nextWindow(now: number): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { conditional } of this.#entries.values()) {
      for (const { fromMs, untilMs } of conditional) {
        for (const moment of [fromMs, untilMs]) if (moment > now && moment < next) next = moment;
      }
    }
    return next;
  }
}

/** Names numbered as they come. */
class Numbers {
  readonly names: string[] = [];
  readonly #numbers = new Map<string, number>();

  get size(): number {
    return this.names.length;
  }

  of(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.names.length);
    return this.names.push(name) - 1;
  }
}

/** The values that occur, the most frequent first. */
function facet(name: string, names: readonly string[], counts: ArrayLike<number>): FacetCounts {
  const values = names.map((value, number) => ({ value, count: counts[number] ?? 0 })).filter(({ count }) => count > 0);
  return { name, values: values.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)) };
}

/** The platforms on which a work can be watched, a bit each. `country` null: anywhere. */
const platformsNow = ({ always, conditional }: ViewEntry, country: string | null, now: number): number =>
  conditional.length === 0 ? always : always | platformsIn(conditional, country, now);

/** Titles ascend, all else descends; ties in the order of their ids. */
function compareIn(sort: SortOrder, a: Position<string | number>, b: Position<string | number>): number {
  if (a.key !== b.key) return (a.key < b.key ? -1 : 1) * (sort === 'TITLE' ? 1 : -1);
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

function passes(entry: ViewEntry, filter: WorkFilter, now: number): boolean {
  const { types, genres, maxMinAge, releasedFrom, releasedTo, platforms, country } = filter;
  const { minAge, releaseYear } = entry;
  return (
    (types === null || types.has(entry.type)) &&
    (genres === null || genres.some((genre) => entry.genres.includes(genre))) &&
    (maxMinAge === null || (minAge !== null && minAge <= maxMinAge)) &&
    (releasedFrom === null || (releaseYear !== null && releaseYear >= releasedFrom)) &&
    (releasedTo === null || (releaseYear !== null && releaseYear <= releasedTo)) &&
    (platformsNow(entry, country, now) & (platforms === null ? ALL_PLATFORMS : platformSet(platforms))) !== 0
  );
}

function sizeOf(set: number): number {
  return set === 0 ? 0 : (set & 1) + sizeOf(set >> 1);
}

function increment(counts: Uint32Array, at: number): void {
  counts[at] = (counts[at] ?? 0) + 1;
}
