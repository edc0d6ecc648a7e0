/** The room's shared timeline, as the server tells it. Pure. Positions: ms from the start; instants: server time, ms. */

export type PlaybackStatus = 'IDLE' | 'WAITING' | 'PLAYING' | 'PAUSED' | 'ENDED';

/** What a member's player does, as the room is told. */
export type MemberState = 'JOINING' | 'READY' | 'PLAYING' | 'BUFFERING' | 'AD' | 'AWAY';

export interface Timeline {
  /** Room revision that set it. */
  readonly revision: number;
  readonly status: PlaybackStatus;
  readonly contentId: string | null;
  /** As it stands at `effectiveAt`. */
  readonly positionMs: number;
  /** May lie in the future: a scheduled start or pause. */
  readonly effectiveAt: number;
  readonly rate: number;
  readonly waitingFor: readonly string[];
  readonly waitUntil: number | null;
}

/** Where the room is at `at`. */
export const positionAt = ({ status, positionMs, effectiveAt, rate }: Timeline, at: number): number =>
  status === 'PLAYING' ? positionMs + Math.max(0, at - effectiveAt) * rate : positionMs;

/** When a playing room is, was or will be at `positionMs`. */
export const instantOf = (timeline: Timeline, positionMs: number): number =>
  timeline.effectiveAt + (positionMs - timeline.positionMs) / timeline.rate;
