/**
 * Which genres to name so that one of them is among the next title's: the most probable one, then each that adds most to what is
 * named already. The most probable three often come together (action, adventure, thriller) and miss together: what is asked is
 * about the set (Chen and Karger 2006, "Less is more"). Pure.
 */
import { genresPresent } from '../domain/genres.ts';
import type { TitleIndex } from '../domain/title-index.ts';

/** Plays' worth of trust in the catalogue. */
const CATALOGUE_PLAYS = 50;

/** Which genres the titles have that people play, for all questions of a time. */
export class GenresTogether {
  readonly #pairs = new Map<string, Map<string, number>>();

  /** `plays`: by row of the index. */
  constructor({ works }: TitleIndex, plays: Float32Array) {
    const unplayed = CATALOGUE_PLAYS / works.length;
    for (const [row, { genres }] of works.entries()) {
      const weight = (plays[row] as number) + unplayed;
      const present = genresPresent(genres);
      for (const genre of present) {
        const counts = this.#pairs.get(genre) ?? new Map<string, number>();
        this.#pairs.set(genre, counts);
        for (const other of present) counts.set(other, (counts.get(other) ?? 0) + weight);
      }
    }
  }

  /** Part of the plays of titles of `genre` that are of `other` too; 1 of itself. */
  share(genre: string, other: string): number {
    const counts = this.#pairs.get(genre);
    return counts === undefined ? Number(genre === other) : (counts.get(other) ?? 0) / (counts.get(genre) as number);
  }
}

export interface Forecast {
  readonly genre: string;
  /** Of the genre to be among those of the next title. */
  readonly probability: number;
}

/** After so many what is left is as good as nothing. */
const NAMED = 5;

/**
 * The first few of them in the order of what they add, then the rest, most probable first. `forecasts`: most probable first.
 * What misses the genres named so far is reckoned as if they came independently of each other with each genre.
 */
export function covering<T extends Forecast>(forecasts: readonly T[], together: GenresTogether): T[] {
  const left = forecasts.map((forecast) => ({ forecast, adds: forecast.probability }));
  const named: T[] = [];
  while (named.length < NAMED && left.length > 0) {
    const best = left.reduce((a, b) => (b.adds > a.adds ? b : a));
    named.push(best.forecast);
    left.splice(left.indexOf(best), 1);
    for (const each of left) each.adds *= 1 - together.share(each.forecast.genre, best.forecast.genre);
  }
  return [...named, ...left.map(({ forecast }) => forecast)];
}
