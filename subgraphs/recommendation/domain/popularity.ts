/**
 * What everybody watches: plays per title and window, and genres per window, halved every 30 days by the time of the event.
 * In memory and bounded. One play counts per user, title and day, so nobody makes a title popular alone. Times: ms since the epoch.
 */
import type { Catalogue } from './catalogue.ts';
import { GenrePlaces } from './genre-places.ts';
import { TrustLearner } from './genre-trust.ts';
import { genreCredits, genresPresent } from './genres.ts';
import { type Interaction, isPlay, signalOf } from './interaction.ts';
import type { Crowd } from './preference.ts';
import { GENRE_SLOTS, type TitleIndex } from './title-index.ts';
import { TitleNumbers } from './title-numbers.ts';
import { localMinutes, WINDOWS, type Window, windowOf } from './windows.ts';

const HALF_LIFE_MS = 30 * 86_400_000;
const DAY_MS = 86_400_000;
/** Counts are kept as of this moment, growing with time: decay then needs no pass over them. */
const ORIGIN_MS = Date.UTC(2020, 0, 1);
const MAX_GENRES = 200_000;
/** Slots that remember who watched what on which day; one overwritten early costs a play counted twice. */
const MEMORY_SLOTS = 1 << 20;
/** Plays' worth of trust in the catalogue's own genres. */
const CATALOGUE_PRIOR = 50;

/** By row of an index: 0..1, the logarithm of plays over that of the most played title. */
export interface RowPopularity {
  readonly overall: Float32Array;
  /** Decayed plays, over all windows. */
  readonly plays: Float32Array;
  /** Decayed plays, by row and window, for what may be claimed of a title. */
  readonly windowPlays: readonly Float32Array[];
  /** By slot of the index's `rowGenres`: how much the genre says of why the title is watched; those of a row sum to 1. */
  readonly genreCredits: Float32Array;
  /** Whether anybody has watched anything. */
  readonly known: boolean;
}

export class Popularity {
  readonly #titles = new TitleNumbers();
  /** By number of the title, and window: an object per title would make a snapshot of them slow. */
  #plays = new Float64Array(1_024 * WINDOWS.length);
  readonly #genres = new Map<string, Float64Array>();
  readonly #presence = new Map<string, Float64Array>();
  /** What a genre would have of `#presence` that every title with genres has. */
  #present = 0;
  readonly #places = new GenrePlaces();
  readonly #trust = new TrustLearner();
  readonly #seen = new Uint32Array(MEMORY_SLOTS);
  #revision = 0;

  get revision(): number {
    return this.#revision;
  }

  /** Counts a play; everything else is passed over. `zone`: where it was local. */
  add(interaction: Interaction, genres: readonly string[], zone: string): void {
    if (!isPlay(interaction) || this.#seenBefore(interaction)) return;
    const window = WINDOWS.indexOf(windowOf(localMinutes(interaction.at, zone)));
    const weight = 2 ** ((interaction.at - ORIGIN_MS) / HALF_LIFE_MS);
    this.#countTitle(interaction.contentId, window, weight);
    for (const { genre, credit } of genreCredits(genres)) this.#count(this.#genres, genre, window, weight * credit);
    const present = genresPresent(genres);
    for (const genre of present) this.#count(this.#presence, genre, 0, weight);
    if (present.length > 0) this.#present += weight;
    this.#places.fold(interaction.userId, genres);
    this.#trust.fold(interaction.userId, present, window, signalOf(interaction));
    this.#revision += 1;
  }

  #countTitle(id: string, window: number, weight: number): void {
    const number = this.#titles.intern(id);
    if (number < 0) return;
    const place = number * WINDOWS.length + window;
    if (place >= this.#plays.length) {
      const before = this.#plays;
      this.#plays = new Float64Array(2 * before.length);
      this.#plays.set(before);
    }
    this.#plays[place] = (this.#plays[place] as number) + weight;
  }

  #count(counts: Map<string, Float64Array>, key: string, window: number, weight: number): void {
    let found = counts.get(key);
    if (found === undefined) {
      if (counts.size >= MAX_GENRES) return;
      found = new Float64Array(WINDOWS.length);
      counts.set(key, found);
    }
    found[window] = (found[window] as number) + weight;
  }

  #seenBefore({ userId, contentId, at }: Interaction): boolean {
    const hash = hashOf(`${userId}\n${contentId}\n${Math.floor(at / DAY_MS)}`);
    const slot = hash % MEMORY_SLOTS;
    if (this.#seen[slot] === hash) return true;
    this.#seen[slot] = hash;
    return false;
  }

  /** As of `now`, per row of the index. Cost: linear in rows and titles. */
  byRow(index: TitleIndex, catalogue: Catalogue, now: number): RowPopularity {
    const decay = 2 ** ((ORIGIN_MS - now) / HALF_LIFE_MS);
    const windowPlays = WINDOWS.map(() => new Float32Array(index.size));
    const plays = new Float32Array(index.size);
    const rows = this.#titles.rowsIn(index, catalogue);
    for (let number = 0; number < rows.length; number += 1) {
      const row = rows[number] as number;
      if (row < 0) continue;
      for (const [window, column] of windowPlays.entries()) {
        const count = (this.#plays[number * WINDOWS.length + window] as number) * decay;
        column[row] = (column[row] as number) + count;
        plays[row] = (plays[row] as number) + count;
      }
    }
    return {
      overall: logarithmic(plays),
      plays,
      windowPlays,
      genreCredits: creditsBy(index, this.#places.weights),
      known: plays.some((count) => count > 0),
    };
  }

  /** Genres as everybody watches them, resting on the catalogue's own while little is known. */
  crowd(index: TitleIndex, now: number): Crowd {
    const decay = 2 ** ((ORIGIN_MS - now) / HALF_LIFE_MS);
    const catalogued = new Map(index.genres.map((genre, number) => [genre, index.genreShares[number] as number]));
    const totals = new Float64Array(WINDOWS.length);
    for (const counts of this.#genres.values()) {
      for (const [window, count] of counts.entries()) totals[window] = (totals[window] as number) + count * decay;
    }
    const total = totals.reduce((a, b) => a + b, 0);
    const share = (genre: string): number => {
      const count = (this.#genres.get(genre)?.reduce((a, b) => a + b, 0) ?? 0) * decay;
      return (count + CATALOGUE_PRIOR * (catalogued.get(genre) ?? 0)) / (total + CATALOGUE_PRIOR);
    };
    const windowShare = (window: Window, genre: string): number => {
      const at = WINDOWS.indexOf(window);
      const count = (this.#genres.get(genre)?.[at] ?? 0) * decay;
      return (count + CATALOGUE_PRIOR * share(genre)) / ((totals[at] as number) + CATALOGUE_PRIOR);
    };
    const listed = presenceIn(index);
    const plays = this.#present * decay;
    const presence = (genre: string): number => {
      const count = (this.#presence.get(genre)?.[0] ?? 0) * decay;
      return Math.min(1, (count + CATALOGUE_PRIOR * (listed.get(genre) ?? 0)) / (plays + CATALOGUE_PRIOR));
    };
    return { genres: index.genres, share, windowShare, presence, trust: this.#trust.trust };
  }
}

const knownPresence = new WeakMap<TitleIndex, ReadonlyMap<string, number>>();

/** Part of the titles with genres that have the genre. */
function presenceIn(index: TitleIndex): ReadonlyMap<string, number> {
  const known = knownPresence.get(index);
  if (known !== undefined) return known;
  const counts = new Map<string, number>();
  let titles = 0;
  for (const { genres } of index.works) {
    if (genres.length > 0) titles += 1;
    for (const genre of genresPresent(genres)) counts.set(genre, (counts.get(genre) ?? 0) + 1);
  }
  for (const [genre, count] of counts) counts.set(genre, count / titles);
  knownPresence.set(index, counts);
  return counts;
}

function creditsBy({ size, rowGenres }: TitleIndex, places: readonly number[]): Float32Array {
  const credits = new Float32Array(rowGenres.length);
  for (let row = 0; row < size; row += 1) {
    const first = row * GENRE_SLOTS;
    let total = 0;
    for (let place = 0; place < GENRE_SLOTS; place += 1) {
      if ((rowGenres[first + place] as number) >= 0) total += places[place] as number;
    }
    for (let place = 0; place < GENRE_SLOTS; place += 1) {
      if ((rowGenres[first + place] as number) >= 0) credits[first + place] = (places[place] as number) / total;
    }
  }
  return credits;
}

function logarithmic(counts: Float32Array): Float32Array {
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  const whole = Math.log1p(most);
  return most > 0 ? counts.map((count) => Math.log1p(count) / whole) : new Float32Array(counts.length);
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
