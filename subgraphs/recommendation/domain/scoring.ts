/**
 * The three parts of every title's score for one viewer, each scaled to 0..1 over what may be offered, and their fusion. Pure.
 * Rows are those of the title index. Cost: linear in titles and in the postings of the viewer's terms.
 */
import { PLATFORMS } from '../../../schema/events/content-sync.ts';
import type { RowPopularity } from './popularity.ts';
import { addRow, addText, cosines, GENRE_SLOTS, platformBit, type TermVector, type TitleIndex } from './title-index.ts';
import type { Viewer } from './viewer.ts';
import { WINDOWS } from './windows.ts';

/** Temporal, semantic, discovery; they sum to 1. */
export type Weights = readonly [number, number, number];
export const DEFAULT_WEIGHTS: Weights = [0.4, 0.35, 0.25];

/** The window's lift is a ceiling that evidence earns. */
const MIN_BOOST = 0.7;
const MAX_BOOST = 1.3;
/** Plays' worth of trust in what is popular at this time, against the viewer's own taste. */
const POPULARITY_PRIOR = 5;
/** Of the item score: genres, the rest is people. */
const GENRE_PART = 0.75;
/** Of discovery: popularity, the rest is the bonus for platforms. */
const POPULARITY_PART = 0.7;
/** Of the bonus: a platform that the viewer can reach; the rest is one new for the genre. */
const REACH_PART = 0.4;

export interface Scores {
  readonly weights: Weights;
  readonly temporal: Float32Array;
  readonly semantic: Float32Array;
  readonly discovery: Float32Array;
  readonly total: Float32Array;
  /** 0.7..1.3 */
  readonly boost: Float32Array;
  /** 0..1: what the platform adds to discovery before its weight. */
  readonly platformBonus: Float32Array;
}

export function scoreTitles(
  index: TitleIndex,
  popularity: RowPopularity,
  viewer: Viewer,
  weights: Weights = DEFAULT_WEIGHTS,
): Scores {
  const offered = (row: number): boolean => !viewer.watched.has(row) && !viewer.unwanted.has(row);
  const profile = profileVector(index, viewer);
  const boost = windowBoost(index, viewer);
  const temporal = itemScore(index, popularity, viewer, profile);
  for (let row = 0; row < index.size; row += 1) temporal[row] = (temporal[row] as number) * (boost[row] as number);
  const semantic = cosines(index, profile);
  const platformBonus = bonusOfPlatforms(index, viewer);
  const discovery = perRow(
    index,
    (row) =>
      POPULARITY_PART * (popularity.overall[row] as number) + (1 - POPULARITY_PART) * (platformBonus[row] as number),
  );
  for (const part of [temporal, semantic, discovery]) scaleToUnit(part, offered);
  const total = perRow(
    index,
    (row) =>
      weights[0] * (temporal[row] as number) +
      weights[1] * (semantic[row] as number) +
      weights[2] * (discovery[row] as number),
  );
  return { weights, temporal, semantic, discovery, total, boost, platformBonus };
}

/** The terms of what the viewer watched. */
function profileVector(index: TitleIndex, viewer: Viewer): TermVector {
  const vector: TermVector = new Map();
  for (const { touched, row, weight } of viewer.history) {
    if (weight === 0) continue;
    if (row !== null) addRow(index, row, weight, vector);
    else addText(index, touched.title ?? null, touched.genres ?? [], weight, vector);
  }
  addText(index, null, viewer.profile.favourites.slice(0, GENRE_SLOTS), 1, vector);
  return vector;
}

/** The lift of the viewer's window for the title's genres: their geometric mean by credit. */
function windowBoost(index: TitleIndex, viewer: Viewer): Float32Array {
  const logLift = index.genres.map((genre) => Math.log(viewer.windowTaste.genres.get(genre)?.lift ?? 1));
  return perRow(index, (row) => {
    const lift = Math.exp(overGenres(index, row, logLift));
    return Math.min(MAX_BOOST, Math.max(MIN_BOOST, lift));
  });
}

/** Some ten times as fast as `Float32Array.from` with a function. */
function perRow(index: TitleIndex, computed: (row: number) => number): Float32Array {
  const values = new Float32Array(index.size);
  for (let row = 0; row < values.length; row += 1) values[row] = computed(row);
  return values;
}

/** Sum over a row's genres of credit times a value per genre; 0 for a title without genres. */
function overGenres(index: TitleIndex, row: number, values: readonly number[]): number {
  let total = 0;
  for (let slot = row * GENRE_SLOTS; slot < (row + 1) * GENRE_SLOTS; slot += 1) {
    const genre = index.rowGenres[slot] as number;
    if (genre >= 0) total += (index.rowCredits[slot] as number) * (values[genre] as number);
  }
  return total;
}

/** How much the viewer would like the title at any hour; what is popular at this one while little is known of them. */
function itemScore(index: TitleIndex, popularity: RowPopularity, viewer: Viewer, profile: TermVector): Float32Array {
  const shares = index.genres.map((genre) => viewer.taste.genres.get(genre)?.share ?? 0);
  const most = Math.max(...shares, Number.MIN_VALUE);
  const relative = shares.map((share) => share / most);
  const people = peopleScore(index, profile);
  const known = viewer.taste.evidence / (viewer.taste.evidence + POPULARITY_PRIOR);
  const popular = popularity.windows[WINDOWS.indexOf(viewer.window)];
  return perRow(index, (row) => {
    const liked = GENRE_PART * overGenres(index, row, relative) + (1 - GENRE_PART) * (people[row] as number);
    return known * liked + (1 - known) * (popular?.[row] ?? 0);
  });
}

/** 0..1: cast and directors of what the viewer liked. */
function peopleScore(index: TitleIndex, profile: TermVector): Float32Array {
  const people: TermVector = new Map(
    [...profile].filter(([term, weight]) => weight > 0 && index.vocabulary.keyOf(term).startsWith('person:')),
  );
  const found = cosines(index, people);
  const most = found.reduce((a, b) => Math.max(a, b), 0);
  return most > 0 ? found.map((score) => score / most) : found;
}

/** For a platform that the viewer uses, and one where they have not watched this genre yet; the best of a title's offers. */
function bonusOfPlatforms(index: TitleIndex, viewer: Viewer): Float32Array {
  const { platforms, platformGenres } = viewer.profile;
  const bonus = new Float32Array(index.size);
  for (const platform of PLATFORMS) {
    const bit = platformBit(platform);
    const reach = (platforms[platform] ?? 0) > 0 ? REACH_PART : 0;
    const fresh = index.genres.map((genre) => {
      const total = Object.values(platformGenres).reduce((sum, counts) => sum + (counts[genre] ?? 0), 0);
      return total > 0 ? 1 - (platformGenres[platform]?.[genre] ?? 0) / total : 0;
    });
    for (let row = 0; row < index.size; row += 1) {
      if (((index.platformBits[row] as number) & bit) === 0) continue;
      const here = reach + (1 - REACH_PART) * overGenres(index, row, fresh);
      if (here > (bonus[row] as number)) bonus[row] = here;
    }
  }
  return bonus;
}

/** Min-max over the rows that may be offered, in place; all 0 where they do not differ. Others are held within 0..1. */
function scaleToUnit(part: Float32Array, offered: (row: number) => boolean): void {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < part.length; row += 1) {
    if (!offered(row)) continue;
    least = Math.min(least, part[row] as number);
    most = Math.max(most, part[row] as number);
  }
  const range = most - least;
  for (let row = 0; row < part.length; row += 1) {
    part[row] = range > 1e-9 ? Math.min(1, Math.max(0, ((part[row] as number) - least) / range)) : 0;
  }
}
