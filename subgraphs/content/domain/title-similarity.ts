/** How alike two folded titles are, for words left out and letters mistyped. Pure. */

/** Of words that differ, at least this part of their letter pairs must be the same: `Bird` is not `Wind`. */
const SAME_WORD = 0.5;

/**
 * 0 to 1: the part of all letter pairs that both have (Dice, 1945), words and their beginnings included. 0 where a word stands
 * in another's place, and, unless `mayLack`, where one title has words that the other lacks.
 */
export function titleSimilarity(a: string, b: string, mayLack: boolean): number {
  const onlyA = without(a, b);
  const onlyB = without(b, a);
  const isSubstituted = onlyA !== '' && onlyB !== '';
  if (isSubstituted ? dice(onlyA, onlyB) < SAME_WORD : !mayLack) return 0;
  return dice(a, b);
}

/** The words of one title that the other has not, as one. */
function without(title: string, other: string): string {
  const others = new Set(other.split(' '));
  return title
    .split(' ')
    .filter((word) => !others.has(word))
    .join('');
}

function dice(a: string, b: string): number {
  const left = pairsOf(a);
  let total = a.length + 1;
  let common = 0;
  for (const [pair, count] of pairsOf(b)) {
    total += count;
    common += Math.min(count, left.get(pair) ?? 0);
  }
  return (2 * common) / total;
}

function pairsOf(text: string): Map<string, number> {
  const pairs = new Map<string, number>();
  const padded = ` ${text} `;
  for (let at = 0; at + 1 < padded.length; at += 1) {
    const pair = padded.slice(at, at + 2);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return pairs;
}
