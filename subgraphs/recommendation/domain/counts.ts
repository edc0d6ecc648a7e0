/** Counts by name, of bounded number: of genres, of platforms. Pure. */
export type Counts = Record<string, number>;

/** Less than this is forgotten when counts are brought back to scale. */
const NEGLIGIBLE = 1e-3;

/** Never below zero; the smallest goes when there are too many. */
export function add(counts: Counts, key: string, amount: number, maxKeys: number): void {
  const before = counts[key];
  const sum = (before ?? 0) + amount;
  if (sum > 0) counts[key] = sum;
  else delete counts[key];
  if (before !== undefined || sum <= 0) return;
  const keys = Object.keys(counts);
  if (keys.length <= maxKeys) return;
  const least = keys.reduce((a, b) => ((counts[a] as number) <= (counts[b] as number) ? a : b));
  delete counts[least];
}

/** Divides all by `scale`. */
export function shrink(counts: Counts, scale: number): void {
  for (const [key, count] of Object.entries(counts)) {
    if (count / scale < NEGLIGIBLE) delete counts[key];
    else counts[key] = count / scale;
  }
}
