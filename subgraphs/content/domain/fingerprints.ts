/** Sets of texts as ascending lists of small integers: a tenth of the memory of the texts, and quick to intersect. Pure. */

/** 30-bit FNV-1a, so that a list of them holds no object of its own. Two texts collide once in a billion. */
export function fingerprint(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 2;
}

/** Each once, ascending. */
export function ascending(prints: Iterable<number>): number[] {
  return [...new Set(prints)].sort((a, b) => a - b);
}

/** Values that two ascending lists share. */
export function shared(a: readonly number[], b: readonly number[]): number[] {
  const both: number[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [left, right] = [a[i] ?? 0, b[j] ?? 0];
    if (left === right) both.push(left);
    if (left <= right) i += 1;
    if (left >= right) j += 1;
  }
  return both;
}
