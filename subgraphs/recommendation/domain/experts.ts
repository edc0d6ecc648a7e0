/** Means over experts who differ in how strongly a prior holds, each weighted by how good its forecasts were. Pure. */

/** What n and the prior are multiplied with. */
export interface Pull {
  readonly perPlay: number;
  readonly ofPrior: number;
}

/** A mean over experts of (n + strength × prior) / (count + strength). */
export function pullOf(trust: readonly number[], strengths: readonly number[], count: number): Pull {
  let [perPlay, ofPrior] = [0, 0];
  for (let s = 0; s < strengths.length; s += 1) {
    const part = (trust[s] as number) / (count + (strengths[s] as number));
    perPlay += part;
    ofPrior += part * (strengths[s] as number);
  }
  return { perPlay, ofPrior };
}

/** How probable experts are by the sums of logarithms that their forecasts scored; sums to 1. */
export function trustOf(logs: ArrayLike<number>): number[] {
  const all = Array.from(logs);
  const most = Math.max(...all);
  const weights = all.map((log) => Math.exp(log - most));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}
