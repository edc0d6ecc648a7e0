/** The best rows by a score, and a choice among them that is not all the same. Pure and repeatable. */
import { cosine, type TitleIndex } from './title-index.ts';

/** How much the score counts against being unlike what was chosen before. */
const LAMBDA = 0.75;
/** As many times what is wanted is kept before the rest goes. */
const KEPT = 2;

/**
 * The `k` rows with the highest score, best first; equal scores in the order of rows. A row must not appear where `scoreOf`
 * answers NaN or `passes` false; `passes` is asked only of rows that are good enough.
 */
export function topRows(
  size: number,
  k: number,
  scoreOf: (row: number) => number,
  passes: (row: number) => boolean = () => true,
): number[] {
  let best: { readonly row: number; readonly score: number }[] = [];
  let least = Number.NaN; // of `k` that are kept
  const cut = (): void => {
    best = best.sort((a, b) => (a.score === b.score ? a.row - b.row : a.score < b.score ? 1 : -1)).slice(0, k);
    if (best.length === k) least = best.at(-1)?.score ?? Number.POSITIVE_INFINITY;
  };
  for (let row = 0; row < size; row += 1) {
    const score = scoreOf(row);
    if (Number.isNaN(score) || score <= least || !passes(row)) continue; // of equals the first stays
    best.push({ row, score });
    if (best.length >= KEPT * k) cut();
  }
  cut();
  return best.map(({ row }) => row);
}

/**
 * Chooses `k` of the rows by maximal marginal relevance (Carbonell and Goldstein 1998), then puts them back in the order they
 * came in, so that a page is varied and its ranks still follow the scores. `scoreOf` is 0..1.
 */
export function diverse(
  index: TitleIndex,
  rows: readonly number[],
  k: number,
  scoreOf: (row: number) => number,
): number[] {
  if (rows.length <= k) return [...rows];
  const likeness = new Float32Array(rows.length); // with the most alike of those chosen
  const chosen = new Set<number>();
  while (chosen.size < k) {
    let [best, bestWorth] = [-1, Number.NEGATIVE_INFINITY];
    for (let i = 0; i < rows.length; i += 1) {
      if (chosen.has(i)) continue;
      const worth = LAMBDA * scoreOf(rows[i] as number) - (1 - LAMBDA) * (likeness[i] as number);
      if (worth > bestWorth) [best, bestWorth] = [i, worth];
    }
    chosen.add(best);
    for (let i = 0; i < rows.length; i += 1) {
      const alike = cosine(index, rows[best] as number, rows[i] as number);
      if (alike > (likeness[i] as number)) likeness[i] = alike;
    }
  }
  return rows.filter((_, i) => chosen.has(i));
}
