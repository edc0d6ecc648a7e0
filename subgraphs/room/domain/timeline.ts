/**
 * The arithmetic of the shared timeline: where it stands at an instant, and how far ahead things are scheduled so that
 * every member hears of them in time. Pure. Positions: ms from the start of the content; instants: ms since the epoch.
 */
import { AppError } from '../../../schema/errors.ts';
import type { PlaybackState } from '../../../schema/events/room.ts';

/** No title is longer; the room does not know its content's own length. */
export const MAX_POSITION_MS = 24 * 3_600_000;

/** No start is scheduled further ahead for its members' delays. */
export const MAX_START_LEAD_MS = 1_500;

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** Returns the position. @throws AppError POSITION_OUT_OF_RANGE outside [0, `endMs`], NaN included */
export function checkPosition(positionMs: number, endMs = MAX_POSITION_MS): number {
  if (!(positionMs >= 0 && positionMs <= endMs)) {
    throw new AppError('POSITION_OUT_OF_RANGE', `${positionMs} ms is not in 0–${endMs} ms.`);
  }
  return Math.abs(positionMs); // -0 is 0
}

/** Where the timeline stands at `at`, within [0, 24 h]. */
export function positionAt(playback: PlaybackState, at: number): number {
  const playedMs = playback.status === 'PLAYING' ? Math.max(0, at - playback.effectiveAt) * playback.rate : 0;
  return clamp(playback.positionMs + playedMs, 0, MAX_POSITION_MS);
}

/** A player ends where its own drift and the last frame put it: this close to the end counts. */
const END_TOLERANCE_MS = 250;

/** Whether a timeline that plays has come to the end of its content. */
export const isOver = (playback: PlaybackState, endMs: number, now: number): boolean =>
  playback.status === 'PLAYING' && now >= playback.effectiveAt && positionAt(playback, now) >= endMs - END_TOLERANCE_MS;

/** The delay that 9 of 10 members stay within: the slowest tenth must not slow the others. `delaysMs` is not empty. */
function ninthDecile(delaysMs: readonly number[]): number {
  const sorted = delaysMs.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.9) - 1] ?? 0;
}

/** How far ahead a start is scheduled: 350 to 1500 ms, 500 while nobody reported a delay. */
export const startLeadMs = (delaysMs: readonly number[]): number =>
  delaysMs.length === 0 ? 500 : clamp(3 * ninthDecile(delaysMs) + 100, 350, MAX_START_LEAD_MS);

/** How far ahead a pause is scheduled, so that nobody must seek back: 150 to 600 ms. */
export const pauseLeadMs = (delaysMs: readonly number[]): number =>
  delaysMs.length === 0 ? 150 : clamp(2 * ninthDecile(delaysMs), 150, 600);
