/**
 * How long to wait before connecting again: full jitter (a random share of a doubling limit), so that the members of a room whose
 * gateway went away do not all come back in one instant. Pure.
 */

const FIRST_MS = 250;
/** While people still look at the screen a second is long; after a minute nobody does, and the server matters more. */
const SOON = { limitMs: 1_000, forMs: 60_000 };
const LATER_LIMIT_MS = 15_000;

/** @param attempt from 0; @param awayMs how long there has been no connection; @param random in [0, 1) */
export function backOffMs(attempt: number, awayMs: number, random: number): number {
  const limitMs = awayMs < SOON.forMs ? SOON.limitMs : LATER_LIMIT_MS;
  return random * Math.min(limitMs, FIRST_MS * 2 ** Math.min(attempt, 16));
}
