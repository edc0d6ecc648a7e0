/**
 * The three parts of every title's score for one viewer, each scaled to 0..1 over what may be offered, and their fusion. Pure.
 * Rows are those of the title index. Cost: linear in titles and in the postings of the viewer's terms.
 */
import { PLATFORMS } from '../../../schema/events/content-sync.ts';
import type { RowPopularity } from './popularity.ts';
import type { Neighbours } from './snapshot.ts';
import { addRow, addText, cosines, GENRE_SLOTS, platformBit, type TermVector, type TitleIndex } from './title-index.ts';
import type { Viewer } from './viewer.ts';

/** Temporal, semantic, discovery; they sum to 1. */
export type Weights = readonly [number, number, number];
export const DEFAULT_WEIGHTS: Weights = [0.4, 0.35, 0.25];

/** The window's lift is a ceiling that evidence earns. */
const MIN_BOOST = 0.7;
const MAX_BOOST = 1.3;
/** Of the item score: what people with the same titles watched; the rest is what is played of the viewer's genres. */
const NEIGHBOUR_PART = 0.2;
/** A title nobody has played yet counts as this many plays, so that taste can tell such titles apart. */
const UNPLAYED = 0.25;
/** A title with so many plays rests half on its own neighbours, half on those of titles with a like text. */
const FEW_PLAYS = 2;
/** Of discovery: popularity, the rest is the bonus for platforms. */
const POPULARITY_PART = 0.95;
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
  neighbours: Neighbours | null = null,
): Scores {
  const offered = (row: number): boolean => !viewer.watched.has(row) && !viewer.unwanted.has(row);
  const profile = profileVector(index, viewer);
  const boost = windowBoost(index, viewer);
  const semantic = cosines(index, profile);
  const temporal = itemScore(index, popularity, viewer, semantic, neighbours);
  for (let row = 0; row < index.size; row += 1) temporal[row] = (temporal[row] as number) * (boost[row] as number);
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

/**
 * How probable the title is to be the viewer's next at this time, as parts of two masses of 1: plays of everybody, times how much
 * more than everybody the viewer watches its genres now; and what those watched who watched the same titles.
 */
function itemScore(
  index: TitleIndex,
  popularity: RowPopularity,
  viewer: Viewer,
  semantic: Float32Array,
  neighbours: Neighbours | null,
): Float32Array {
  const lift = index.genres.map(
    (genre) => (viewer.taste.genres.get(genre)?.lift ?? 1) * (viewer.windowTaste.genres.get(genre)?.lift ?? 1),
  );
  const score = perRow(
    index,
    (row) => ((popularity.plays[row] as number) + UNPLAYED) * (overGenres(index, row, lift) || NO_GENRE_LIFT),
  );
  scaleToMass(score);
  if (neighbours === null) return score;
  const together = togetherScore(index, popularity, viewer, semantic, neighbours);
  if (!scaleToMass(together)) return score;
  return perRow(
    index,
    (row) => (1 - NEIGHBOUR_PART) * (score[row] as number) + NEIGHBOUR_PART * (together[row] as number),
  );
}

/** A title without genres: like one the viewer watches less than others do. */
const NO_GENRE_LIFT = 0.5;

function togetherScore(
  index: TitleIndex,
  popularity: RowPopularity,
  viewer: Viewer,
  semantic: Float32Array,
  { counts, rows }: Neighbours,
): Float32Array {
  const score = new Float32Array(index.size);
  for (const { touched, weight } of viewer.history) {
    if (weight > 0) counts.addNeighbours(touched.id, weight, rows, score);
  }
  let [known, alike] = [0, 0];
  for (let row = 0; row < index.size; row += 1) {
    known += score[row] as number;
    alike += Math.max(0, semantic[row] as number);
  }
  if (alike === 0) return score;
  for (let row = 0; row < index.size; row += 1) {
    const trust = FEW_PLAYS / (FEW_PLAYS + (popularity.plays[row] as number));
    const borrowed = (Math.max(0, semantic[row] as number) * known) / alike;
    score[row] = (1 - trust) * (score[row] as number) + trust * borrowed;
  }
  return score;
}

/** So that the sum is 1, in place; false where there is nothing. */
function scaleToMass(part: Float32Array): boolean {
  const sum = part.reduce((a, b) => a + b, 0);
  if (!(sum > 0)) return false;
  for (let row = 0; row < part.length; row += 1) part[row] = (part[row] as number) / sum;
  return true;
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
