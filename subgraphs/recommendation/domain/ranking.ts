/** From scores to a page: filters, the best, variety, reasons. Pure and repeatable. A page is full while titles pass the filter. */
import { type Evidence, type Reason, reasonsFor } from './reasons.ts';
import { platformBit, type TitleIndex } from './title-index.ts';
import { diverse, topRows } from './top-rows.ts';
import type { Viewer } from './viewer.ts';
import type { Window } from './windows.ts';

/** Variety is sought among so many of the best. */
const MMR_POOL = 200;

export interface RankedTitle {
  readonly contentId: string;
  readonly rank: number;
  readonly score: number;
  readonly similarityScore: number;
  readonly temporalBoost: number;
  readonly timeContext: Window;
  readonly confidence: number;
  readonly reason: string;
  readonly reasons: readonly Reason[];
  readonly parts: {
    readonly temporal: number;
    readonly semantic: number;
    readonly discovery: number;
    readonly weights: readonly number[];
  };
}

/** Every part that is not null must hold. */
export interface TitleFilter {
  /** Lower case, as in the catalogue. */
  readonly platforms: readonly string[] | null;
  readonly genres: readonly string[] | null;
  /** Unrated titles are left out when it is set. */
  readonly maxMinAge: number | null;
  readonly includeWatched: boolean;
}

export const NO_FILTER: TitleFilter = { platforms: null, genres: null, maxMinAge: null, includeWatched: false };

/** A test of rows: whether the catalogue's side of the filter lets them through. */
export function allowedBy(index: TitleIndex, filter: TitleFilter): (row: number) => boolean {
  const bits = filter.platforms?.reduce((all, platform) => all | platformBit(platform), 0) ?? -1;
  const genres = filter.genres === null ? null : new Set(filter.genres);
  const oldest = filter.maxMinAge;
  return (row) => {
    if (((index.platformBits[row] as number) & bits) === 0 && bits !== -1) return false;
    const minAge = index.minAges[row] as number;
    if (oldest !== null && (minAge < 0 || minAge > oldest)) return false;
    return genres === null || (index.works[row]?.genres.some((genre) => genres.has(genre)) ?? false);
  };
}

/** The same, and not what the viewer watched or does not want. */
export function offeredBy(index: TitleIndex, filter: TitleFilter, viewer: Viewer): (row: number) => boolean {
  const allowed = allowedBy(index, filter);
  return (row) => !viewer.unwanted.has(row) && (filter.includeWatched || !viewer.watched.has(row)) && allowed(row);
}

/** The viewer's page. */
export function recommend(evidence: Evidence, filter: TitleFilter, first: number): RankedTitle[] {
  const offered = offeredBy(evidence.index, filter, evidence.viewer);
  const rows = bestRows(evidence, first, (row) => evidence.scores.total[row] as number, offered);
  return rows.map((row, place) => describe(evidence, row, place + 1));
}

/** The best and not all alike by any score of 0..1; NaN, or `passes` false: must not appear. */
export function bestRows(
  { index }: Pick<Evidence, 'index'>,
  first: number,
  scoreOf: (row: number) => number,
  passes?: (row: number) => boolean,
): number[] {
  return diverse(index, topRows(index.size, Math.max(first, MMR_POOL), scoreOf, passes), first, scoreOf);
}

/** A row with all that is said of it; `because` goes before what the score says. */
export function describe(evidence: Evidence, row: number, rank: number, because?: Reason): RankedTitle {
  const { index, scores, viewer } = evidence;
  const own = reasonsFor(evidence, row).filter(({ kind }) => kind !== because?.kind);
  const reasons = because ? [because, ...own] : own;
  const work = index.works[row];
  const mass = work?.genres.reduce((sum, genre) => sum + (viewer.windowTaste.genres.get(genre)?.share ?? 0), 0) ?? 0;
  return {
    contentId: work?.id ?? '',
    rank,
    score: scores.total[row] as number,
    similarityScore: scores.semantic[row] as number,
    temporalBoost: scores.boost[row] as number,
    timeContext: viewer.window,
    confidence: Math.min(1, mass),
    reason: reasons[0]?.text ?? '',
    reasons,
    parts: {
      temporal: scores.temporal[row] as number,
      semantic: scores.semantic[row] as number,
      discovery: scores.discovery[row] as number,
      weights: scores.weights,
    },
  };
}
