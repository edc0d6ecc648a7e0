/**
 * How much the time of day changes what a user watches, and how fast their taste changes: by the evidence. A few experts (how strong
 * a prior pulls a window towards the user's average, and how long plays are remembered) forecast every play before it is learned from
 * (prequential validation: Dawid 1984); each counts as much as its forecasts were good. A flat user ends at a strong prior, a user of
 * habits at a weak one, one whose taste has just changed at the short memory; nothing of it is set per deployment. Pure.
 */
import { trustOf } from './experts.ts';

/** Plays' worth of trust in the user's own average, for one window. */
export const STRENGTHS = [3, 8, 20, 60, 200] as const;
/** After so many credited plays a play counts half: a steady taste is told by many plays, one that has changed by the latest. */
export const MEMORIES = [90, 15] as const;
/** Every strength with every memory: expert `m * STRENGTHS.length + s`. */
const EXPERTS = MEMORIES.length * STRENGTHS.length;

/** How probable each expert is for a user, by the sums of logarithms that their forecasts scored; sums to 1. */
export const expertsOf = (trials: readonly number[]): number[] =>
  trustOf(Array.from({ length: EXPERTS }, (_, i) => trials[i] ?? 0));

/** Decayed counts as one of MEMORIES has them before a play: of each of its genres and of all, in its window and over the day. */
export interface Remembered {
  readonly here: readonly number[];
  readonly hereOfAll: number;
  readonly day: readonly number[];
  readonly dayOfAll: number;
}

/** After so many plays a trial counts half: habits change. */
const TRIAL_DECAY = 0.5 ** (1 / 60);
/** What a genre is worth before any play, and plays' worth of trust in that. */
const EVEN_SHARE = 0.06;
const EVEN_PLAYS = 5;

/**
 * Scores every expert on one play, by its genres, each of which counts by its credit; `remembered`: in the order of MEMORIES. The
 * best has 0, so that sums stay small.
 */
export function tryExperts(
  trials: readonly number[],
  credits: readonly number[],
  remembered: readonly Remembered[],
): number[] {
  const scored: number[] = [];
  let most = Number.NEGATIVE_INFINITY;
  for (const { here, hereOfAll, day, dayOfAll } of remembered) {
    const usual = day.map((count) => (count + EVEN_PLAYS * EVEN_SHARE) / (dayOfAll + EVEN_PLAYS));
    for (const strength of STRENGTHS) {
      let log = (trials[scored.length] ?? 0) * TRIAL_DECAY;
      for (let i = 0; i < credits.length; i += 1) {
        const share = ((here[i] as number) + strength * (usual[i] as number)) / (hereOfAll + strength);
        log += (credits[i] as number) * Math.log(share);
      }
      scored.push(log);
      most = Math.max(most, log);
    }
  }
  for (let i = 0; i < scored.length; i += 1) scored[i] = (scored[i] as number) - most;
  return scored;
}
