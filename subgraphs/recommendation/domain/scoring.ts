/**
 * The three parts of every title's score for one viewer, each scaled to 0..1 over what may be offered, and their fusion. Pure.
 * Rows are those of the title index. Cost: linear in titles and in the postings of the viewer's terms. Arrays by row are few, and
 * written in place: they lie outside the heap, where every 64 MiB of dead ones bring on a full collection of garbage, which holds
 * up all requests for some 40 ms.
 */
import { PLATFORMS } from '../../../schema/events/content-sync.ts';
import { itemScore, overGenres } from './item-score.ts';
import type { RowPopularity } from './popularity.ts';
import { likenessToTaste, type RowVectors } from './semantic.ts';
import type { Neighbours } from './snapshot.ts';
import { platformBit, type TitleIndex } from './title-index.ts';
import { offeredTo, type Viewer } from './viewer.ts';

/** Temporal, semantic, discovery; they sum to 1. */
export type Weights = readonly [number, number, number];
export const DEFAULT_WEIGHTS: Weights = [0.4, 0.35, 0.25];

/** The window's lift is a ceiling that evidence earns. */
const MIN_BOOST = 0.7;
const MAX_BOOST = 1.3;
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

export interface ScoringOptions {
  readonly weights?: Weights | undefined;
  readonly neighbours?: Neighbours | null;
  /** Sentence embeddings, where there are any. */
  readonly vectors?: RowVectors | null;
  /** Whether what the viewer watched may be offered again: then it counts for what 0 and 1 are. */
  readonly includeWatched?: boolean;
}

export function scoreTitles(
  index: TitleIndex,
  popularity: RowPopularity,
  viewer: Viewer,
  { weights = DEFAULT_WEIGHTS, neighbours = null, vectors = null, includeWatched = false }: ScoringOptions = {},
): Scores {
  const total = new Float32Array(index.size);
  const discovery = new Float32Array(index.size);
  const semantic = likenessToTaste(index, viewer, vectors);
  const temporal = itemScore({ index, popularity, viewer, likeness: semantic, neighbours }, total);
  const boost = windowBoost(index, popularity, viewer);
  const platformBonus = bonusOfPlatforms(index, popularity, viewer);
  for (let row = 0; row < index.size; row += 1) {
    temporal[row] = (temporal[row] as number) * (boost[row] as number);
    discovery[row] =
      POPULARITY_PART * (popularity.overall[row] as number) + (1 - POPULARITY_PART) * (platformBonus[row] as number);
  }
  const offered = offeredTo(viewer, includeWatched);
  for (const part of [temporal, semantic, discovery]) scaleToUnit(part, offered);
  for (let row = 0; row < index.size; row += 1) {
    // A root tells alike from unlike, and no longer lets the one title most alike outweigh what people really watch.
    semantic[row] = Math.sqrt(semantic[row] as number);
    total[row] =
      weights[0] * (temporal[row] as number) +
      weights[1] * (semantic[row] as number) +
      weights[2] * (discovery[row] as number);
  }
  return { weights, temporal, semantic, discovery, total, boost, platformBonus };
}

/** The lift of the viewer's window for the title's genres: their geometric mean by credit. */
function windowBoost(index: TitleIndex, popularity: RowPopularity, viewer: Viewer): Float32Array {
  const logLiftOf = overGenres(index, popularity, (genre) => Math.log(viewer.windowTaste.genres.get(genre)?.lift ?? 1));
  const boostOf = logLiftOf.map((logLift) => Math.min(MAX_BOOST, Math.max(MIN_BOOST, Math.exp(logLift))));
  const boost = new Float32Array(index.size);
  for (let row = 0; row < index.size; row += 1) boost[row] = boostOf[index.mixOf[row] as number] as number;
  return boost;
}

/** For a platform that the viewer uses, and one where they have not watched this genre yet; the best of a title's offers. */
function bonusOfPlatforms(index: TitleIndex, popularity: RowPopularity, viewer: Viewer): Float32Array {
  const { platforms, platformGenres } = viewer.profile;
  const bonus = new Float32Array(index.size);
  for (const platform of PLATFORMS) {
    const bit = platformBit(platform);
    const reach = (platforms[platform] ?? 0) > 0 ? REACH_PART : 0;
    const freshOf = overGenres(index, popularity, (genre) => {
      const total = Object.values(platformGenres).reduce((sum, counts) => sum + (counts[genre] ?? 0), 0);
      return total > 0 ? 1 - (platformGenres[platform]?.[genre] ?? 0) / total : 0;
    });
    for (let row = 0; row < index.size; row += 1) {
      if (((viewer.open[row] as number) & bit) === 0) continue;
      const here = reach + (1 - REACH_PART) * (freshOf[index.mixOf[row] as number] as number);
      if (here > (bonus[row] as number)) bonus[row] = here;
    }
  }
  return bonus;
}

/** Min-max over the rows that may be offered, in place; all 0 where they do not differ. Others are held within 0..1. */
function scaleToUnit(part: Float32Array, offered: Uint8Array): void {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < part.length; row += 1) {
    if (offered[row] === 0) continue;
    const value = part[row] as number;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const range = most - least;
  for (let row = 0; row < part.length; row += 1) {
    part[row] = range > 1e-9 ? Math.min(1, Math.max(0, ((part[row] as number) - least) / range)) : 0;
  }
}
