/** What members' players reported, and what their silence means. Pure. Times: ms since the epoch. */
import { AppError } from '../../../schema/errors.ts';
import type { Playback } from './room.ts';
import { checkPosition, positionAt } from './timeline.ts';

export const AWAY_AFTER_MS = 12_000;
export const DISCONNECTED_AFTER_MS = 90_000;
/** A report about another instant than about now says nothing of the player, only of a wrong clock. */
const CLOCK_TRUST_MS = 10_000;
const MAX_ONE_WAY_MS = 10_000;

export type MemberState = 'JOINING' | 'READY' | 'PLAYING' | 'BUFFERING' | 'AD' | 'AWAY' | 'DISCONNECTED';

/** A player's last report. */
export interface Presence {
  readonly userId: string;
  readonly state: MemberState;
  /** By the server's clock. */
  readonly lastSeenAt: number;
  readonly oneWayMs: number | null;
}

export interface Report {
  readonly playbackRevision: number;
  readonly state: MemberState;
  readonly positionMs: number;
  /** Server time as the client estimates it. */
  readonly at: number;
  readonly oneWayMs: number | null;
}

/** Returns the report. @throws AppError POSITION_OUT_OF_RANGE, BAD_USER_INPUT */
export function checkReport(report: Report): Report {
  checkPosition(report.positionMs);
  if (!Number.isFinite(report.at)) throw new AppError('BAD_USER_INPUT', 'at is no instant.');
  if (report.oneWayMs !== null && !(report.oneWayMs >= 0 && report.oneWayMs <= MAX_ONE_WAY_MS)) {
    throw new AppError('BAD_USER_INPUT', `oneWayMs is 0 to ${MAX_ONE_WAY_MS}, not ${report.oneWayMs}.`);
  }
  return report;
}

/** How far the player is ahead of the room; null where the report is about another timeline or another time. */
export function skewOf(playback: Playback, report: Report, now: number): number | null {
  const comparable =
    report.playbackRevision === playback.revision &&
    report.state === 'PLAYING' &&
    Math.abs(report.at - now) <= CLOCK_TRUST_MS;
  return comparable ? report.positionMs - positionAt(playback, report.at) : null;
}

/** The state to show: what was reported, unless silence says otherwise. */
export function stateAt(presence: Presence | undefined, joinedAt: number, now: number): MemberState {
  const silentMs = now - (presence?.lastSeenAt ?? joinedAt);
  if (silentMs > DISCONNECTED_AFTER_MS) return 'DISCONNECTED';
  if (silentMs > AWAY_AFTER_MS) return 'AWAY';
  return presence?.state ?? 'JOINING';
}

/** The delays that scheduling reckons with: of those who are here. */
export const delaysOf = (presences: readonly Presence[], now: number): number[] =>
  presences.flatMap(({ lastSeenAt, oneWayMs }) =>
    oneWayMs !== null && now - lastSeenAt <= AWAY_AFTER_MS ? [oneWayMs] : [],
  );
