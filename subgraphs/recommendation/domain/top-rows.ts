/** The best rows by a score, and a choice among them that is not all the same. Pure and repeatable. */
import { cosinesWith, type TitleIndex } from './title-index.ts';

/** How much the score counts against being unlike what was chosen before. */
const LAMBDA = 0.75;

/**
 * The `k` rows with the highest score, best first; equal scores in the order of rows. A row must not appear where `scoreOf`
 * answers NaN or `passes` false; `passes` is asked only of rows that are good enough. Cost: n log k.
 */
export function topRows(
  size: number,
  k: number,
  scoreOf: (row: number) => number,
  passes: (row: number) => boolean = () => true,
): number[] {
  const heap: { row: number; score: number }[] = []; // the worst on top
  const worse = (a: { row: number; score: number }, b: { row: number; score: number }): boolean =>
    a.score < b.score || (a.score === b.score && a.row > b.row);
  for (let row = 0; row < size; row += 1) {
    const score = scoreOf(row);
    if (Number.isNaN(score)) continue;
    if (heap.length === k && !(score > (heap[0]?.score ?? Number.POSITIVE_INFINITY))) continue; // of equals the first stays
    if (!passes(row)) continue;
    const entry = { row, score };
    if (heap.length < k) {
      heap.push(entry);
      siftUp(heap, worse);
    } else {
      heap[0] = entry;
      siftDown(heap, worse);
    }
  }
  return heap.sort((a, b) => b.score - a.score || a.row - b.row).map(({ row }) => row);
}

function siftUp<T>(heap: T[], before: (a: T, b: T) => boolean): void {
  let at = heap.length - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!before(heap[at] as T, heap[parent] as T)) return;
    [heap[at], heap[parent]] = [heap[parent] as T, heap[at] as T];
    at = parent;
  }
}

function siftDown<T>(heap: T[], before: (a: T, b: T) => boolean): void {
  let at = 0;
  for (;;) {
    let first = at;
    for (const child of [2 * at + 1, 2 * at + 2]) {
      if (child < heap.length && before(heap[child] as T, heap[first] as T)) first = child;
    }
    if (first === at) return;
    [heap[at], heap[first]] = [heap[first] as T, heap[at] as T];
    at = first;
  }
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
    const alike = cosinesWith(index, rows[best] as number, rows);
    for (let i = 0; i < rows.length; i += 1) likeness[i] = Math.max(likeness[i] as number, alike[i] as number);
  }
  return rows.filter((_, i) => chosen.has(i));
}
