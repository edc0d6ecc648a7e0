/** What several people could watch together: fair to the least happy one. Pure. */
import { genreInText } from './genres.ts';
import type { RowPopularity } from './popularity.ts';
import { isTaste } from './preference.ts';
import { candidates } from './ranking.ts';
import { type ScoringOptions, scoreTitles } from './scoring.ts';
import type { TitleIndex } from './title-index.ts';
import { offeredTo, type Viewer } from './viewer.ts';

/** The rest is the mean: least misery alone would let one person decide everything. */
const LEAST_PART = 0.7;
/** From here on even the least happy one is happy. */
const GOOD_FROM = 0.5;

export interface GroupTitle {
  readonly contentId: string;
  readonly score: number;
  readonly reason: string;
  /** In the order of the members. */
  readonly memberScores: readonly number[];
}

/** Titles that all of them can watch, and none has watched or does not want. Cost: that of scoring, per member. */
export function recommendToGroup(
  index: TitleIndex,
  popularity: RowPopularity,
  members: readonly Viewer[],
  first: number,
  options: ScoringOptions = {},
): GroupTitle[] {
  if (members.length === 0) return [];
  const totals = members.map((member) => scoreTitles(index, popularity, member, options).total);
  const offered = members.map((member) => offeredTo(member, false));
  const scoreOf = (row: number): number => {
    if (offered.some((bits) => bits[row] === 0)) return Number.NaN;
    const scores = totals.map((total) => total[row] as number);
    const mean = scores.reduce((a, b) => a + b, 0) / scores.length;
    return LEAST_PART * Math.min(...scores) + (1 - LEAST_PART) * mean;
  };
  // No variety for its own sake: it would be at the cost of whoever likes the least of what there is.
  const { within, beyond } = candidates(index, first, scoreOf);
  return [...within, ...beyond].slice(0, first).map((row) => {
    const memberScores = totals.map((total) => total[row] as number);
    return {
      contentId: index.works[row]?.id ?? '',
      score: scoreOf(row),
      reason: reasonFor(index, members, row, Math.min(...memberScores)),
      memberScores,
    };
  });
}

function reasonFor(index: TitleIndex, members: readonly Viewer[], row: number, least: number): string {
  const genre = index.works[row]?.genres.find((candidate) => members.every(({ taste }) => isTaste(taste, candidate)));
  const everybody = members.length > 1 ? 'all of you' : 'you';
  if (genre !== undefined)
    return `${genreInText(genre)} suits ${everybody}`.replace(/^./, (first) => first.toUpperCase());
  return least >= GOOD_FROM ? `A good match for ${everybody}` : `The fairest choice for ${everybody}`;
}
