/** From scores to a page: filters, the best, variety, reasons. Pure and repeatable. A page is full while titles pass the filter. */
import { explore } from './exploration.ts';
import { WATCHABLE } from './open-offers.ts';
import { type Evidence, exploring, type Reason, reasonsFor } from './reasons.ts';
import { spreadSeries } from './series.ts';
import { platformBit, type TitleIndex } from './title-index.ts';
import { diverse, topRows } from './top-rows.ts';
import { offeredTo, type Viewer } from './viewer.ts';
import type { Window } from './windows.ts';

/** Variety is sought among so many of the best. */
const MMR_POOL = 200;
/** Titles of one series on a page. */
const MAX_OF_SERIES = 3;

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

/** A test of rows: whether the viewer can watch them now, and the catalogue's side of the filter lets them through. */
export const allowedBy = (index: TitleIndex, filter: TitleFilter, { open }: Viewer): ((row: number) => boolean) =>
  passing(index, filter, open);

/** The same, and not what the viewer watched or does not want. */
export const offeredBy = (index: TitleIndex, filter: TitleFilter, viewer: Viewer): ((row: number) => boolean) =>
  passing(index, filter, offeredTo(viewer, filter.includeWatched));

/** `open`: bits as of OpenOffers. */
function passing(index: TitleIndex, filter: TitleFilter, open: Uint8Array): (row: number) => boolean {
  const bits = filter.platforms?.reduce((all, platform) => all | platformBit(platform), 0) ?? WATCHABLE;
  const genres = filter.genres === null ? null : new Set(filter.genres);
  const oldest = filter.maxMinAge;
  return (row) => {
    if (((open[row] as number) & bits) === 0) return false;
    const minAge = index.minAges[row] as number;
    if (oldest !== null && (minAge < 0 || minAge > oldest)) return false;
    return genres === null || (index.works[row]?.genres.some((genre) => genres.has(genre)) ?? false);
  };
}

/** The viewer's page. With a seed one place in ten is given to exploration, the same for the same seed. */
export function recommend(
  evidence: Evidence,
  filter: TitleFilter,
  first: number,
  seed: number | null = null,
): RankedTitle[] {
  const { index, scores, viewer } = evidence;
  const offered = offeredBy(index, filter, viewer);
  const scoreOf = (row: number): number => scores.total[row] as number;
  const { within, beyond } = candidates(index, first, scoreOf, offered);
  const chosen = varied(index, within, beyond, first, scoreOf);
  if (seed === null) return chosen.map((row, place) => describe(evidence, row, place + 1));
  const { rows, tried } = explore(index, chosen, within, viewer.taste, seed);
  return rows.map((row, place) => {
    const genre = tried.get(row);
    return describe(evidence, row, place + 1, genre === undefined ? undefined : exploring(evidence, genre));
  });
}

/** The best by a score, as many as a page of `first` is chosen from; those beyond the measure of their series apart. */
export function candidates(
  index: TitleIndex,
  first: number,
  scoreOf: (row: number) => number,
  passes?: (row: number) => boolean,
): ReturnType<typeof spreadSeries> {
  const pool = topRows(index.size, Math.max(2 * first, MMR_POOL), scoreOf, passes);
  return spreadSeries(pool, (row) => index.works[row]?.title ?? '', MAX_OF_SERIES);
}

/** Titles beyond the measure of their series only fill up a page that would not be full. */
function varied(
  index: TitleIndex,
  within: readonly number[],
  beyond: readonly number[],
  first: number,
  scoreOf: (row: number) => number,
): number[] {
  const chosen = diverse(index, within, first, scoreOf);
  const filling = beyond.slice(0, first - chosen.length);
  return [...chosen, ...filling].sort((a, b) => scoreOf(b) - scoreOf(a) || a - b);
}

/** The best and not all alike by any score of 0..1; NaN, or `passes` false: must not appear. */
export function bestRows(
  { index }: Pick<Evidence, 'index'>,
  first: number,
  scoreOf: (row: number) => number,
  passes?: (row: number) => boolean,
): number[] {
  const { within, beyond } = candidates(index, first, scoreOf, passes);
  return varied(index, within, beyond, first, scoreOf);
}

/** A row with all that is said of it; `because` goes before what the score says. */
export function describe(evidence: Evidence, row: number, rank: number, because?: Reason): RankedTitle {
  const { index, scores, viewer } = evidence;
  const own = reasonsFor(evidence, row).filter(({ kind }) => kind !== because?.kind);
  const reasons = because ? [because, ...own] : own;
  const work = index.works[row];
  // As near as marginals allow: the most probable of its genres is there at least as often as this.
  const probabilities = work?.genres.map((genre) => viewer.windowTaste.genres.get(genre)?.probability ?? 0) ?? [];
  return {
    contentId: work?.id ?? '',
    rank,
    score: scores.total[row] as number,
    similarityScore: scores.semantic[row] as number,
    temporalBoost: scores.boost[row] as number,
    timeContext: viewer.window,
    confidence: Math.min(1, Math.max(0, ...probabilities)),
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
