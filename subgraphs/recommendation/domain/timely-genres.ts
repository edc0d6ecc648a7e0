/** Which genres a user really watches more in one part of the day than in the others: what may be said, not what is likely. Pure. */
import type { Cell, Profile } from './profile.ts';

/** Fewer plays in a window carry no claim about it. */
export const MIN_PLAYS_FOR_CLAIM = 5;
/** How often a genre of no time of day may pass for one; strict, because every genre of every window is tried. */
export const CLAIM_LEVEL = 0.01;
/** Normal quantile of CLAIM_LEVEL. */
const Z_OF_LEVEL = 2.3263;

const sum = (counts: Iterable<number>): number => [...counts].reduce((a, b) => a + b, 0);

/** By a test of two proportions, one-sided at CLAIM_LEVEL: who watches one genre all day has no genre of the morning. */
export function timelyGenres(profile: Profile, cell: Cell): ReadonlySet<string> {
  const others = profile.windows.filter((other) => other !== cell);
  const plays = others.reduce((all, other) => all + other.plays, 0);
  const here = sum(Object.values(cell.genres)) / profile.scale;
  const elsewhere = others.reduce((all, { genres }) => all + sum(Object.values(genres)), 0) / profile.scale;
  if (plays < MIN_PLAYS_FOR_CLAIM || here <= 0 || elsewhere <= 0) return new Set();
  const isTimely = ([genre, count]: [string, number]): boolean => {
    const own = count / profile.scale;
    const other = others.reduce((all, { genres }) => all + (genres[genre] ?? 0), 0) / profile.scale;
    const pooled = (own + other) / (here + elsewhere);
    const spread = Math.sqrt(pooled * Math.max(0, 1 - pooled) * (1 / here + 1 / elsewhere));
    return own / here - other / elsewhere > Z_OF_LEVEL * spread + 1e-9;
  };
  return new Set(
    Object.entries(cell.genres)
      .filter(isTimely)
      .map(([genre]) => genre),
  );
}
