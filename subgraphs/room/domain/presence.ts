/** What members' players reported, and what their silence means. Pure. Times: ms since the epoch. */
import { AppError } from '../../../schema/errors.ts';
import type { Playback, Room } from './room.ts';
import { checkPosition, MAX_POSITION_MS, positionAt } from './timeline.ts';

export const AWAY_AFTER_MS = 12_000;
export const DISCONNECTED_AFTER_MS = 90_000;
/** An owner is given longer: a room that changes hands is felt by everyone. */
export const OWNER_GONE_AFTER_MS = 120_000;
/** A device that shows no film may chat for an evening. */
export const NEVER_REPORTED_GONE_AFTER_MS = 86_400_000;
/** Who is back within this time was never shown to be away. */
const FLAP_MS = 5_000;
/** A stall shorter than this is the player's own affair. */
export const STALL_GRACE_MS = 2_000;
/** A report about another instant than about now says nothing of the player, only of a wrong clock. */
const CLOCK_TRUST_MS = 10_000;
const MAX_ONE_WAY_MS = 10_000;
/** A change of skew below this is not worth telling the room. */
const SKEW_STEP_MS = 40;
/** When to look again at a presence that nothing is due for any more. */
const LOOK_AGAIN_MS = 5_000;

export type MemberState = 'JOINING' | 'READY' | 'PLAYING' | 'BUFFERING' | 'AD' | 'AWAY' | 'DISCONNECTED';

/** A player's last report, and what follows from the ones before. */
export interface Presence {
  readonly userId: string;
  readonly state: MemberState;
  /** By the server's clock. */
  readonly lastSeenAt: number;
  readonly oneWayMs: number | null;
  /** Playback.revision that the player follows. */
  readonly playbackRevision: number;
  /** Since when a player that was playing has stalled. */
  readonly stalledAt: number | null;
  /** Since when a player says itself that it is AWAY or DISCONNECTED, or its sockets do. */
  readonly awayAt: number | null;
  /** False: cannot play the content on the member's own platforms. */
  readonly entitled: boolean;
  readonly durationMs: number | null;
  readonly skewMs: number | null;
}

export interface Report {
  readonly playbackRevision: number;
  readonly state: MemberState;
  readonly positionMs: number;
  /** Server time as the client estimates it. */
  readonly at: number;
  readonly oneWayMs: number | null;
  readonly durationMs?: number | null;
  readonly entitled?: boolean | null;
}

/** Returns the report. @throws AppError POSITION_OUT_OF_RANGE, BAD_USER_INPUT */
export function checkReport(report: Report): Report {
  const { at, oneWayMs, durationMs = null } = report;
  checkPosition(report.positionMs);
  if (!Number.isFinite(at)) throw new AppError('BAD_USER_INPUT', 'at is no instant.');
  if (oneWayMs !== null && !(oneWayMs >= 0 && oneWayMs <= MAX_ONE_WAY_MS)) {
    throw new AppError('BAD_USER_INPUT', `oneWayMs is 0 to ${MAX_ONE_WAY_MS}, not ${oneWayMs}.`);
  }
  if (durationMs !== null && !(durationMs > 0 && durationMs <= MAX_POSITION_MS)) {
    throw new AppError('BAD_USER_INPUT', `durationMs is above 0 and at most ${MAX_POSITION_MS}, not ${durationMs}.`);
  }
  return report;
}

const isGone = (state: MemberState): boolean => state === 'AWAY' || state === 'DISCONNECTED';

/**
 * What is known of a player after its report. A report about an older timeline than the one before came late: it shows that
 * the member is there, and nothing else. @throws AppError REVISION_FROM_THE_FUTURE
 */
export function noted(before: Presence | null, userId: string, report: Report, room: Room, now: number): Presence {
  const { state, playbackRevision, oneWayMs } = report;
  if (playbackRevision > room.revision) {
    throw new AppError('REVISION_FROM_THE_FUTURE', `The room is at ${room.revision}, not ${playbackRevision}.`);
  }
  if (before !== null && playbackRevision < before.playbackRevision) return { ...before, lastSeenAt: now };
  const hasLoaded = playbackRevision >= room.loadRevision;
  const stalls = state === 'BUFFERING' && hasLoaded;
  const stalledAt = stalls ? (before?.stalledAt ?? (before?.state === 'PLAYING' ? now : null)) : null;
  return {
    userId,
    state,
    lastSeenAt: now,
    oneWayMs,
    playbackRevision,
    stalledAt,
    awayAt: isGone(state) ? (before?.awayAt ?? now) : null,
    entitled: report.entitled ?? true,
    durationMs: report.durationMs ?? (before !== null && hasLoaded ? before.durationMs : null),
    skewMs: skewOf(room.playback, report, now),
  };
}

/** A member whose sockets closed at `at` may have another device, which reports every 5 s: a report that is under way comes first. */
const UNDER_WAY_MS = 1_000;

/** What closed sockets change in what is known of a player. */
export const departed = (at: number): Pick<Presence, 'state' | 'awayAt' | 'stalledAt' | 'skewMs'> => ({
  state: 'DISCONNECTED',
  awayAt: at + UNDER_WAY_MS,
  stalledAt: null,
  skewMs: null,
});

/** How far the player is ahead of the room; null where the report is about another timeline or another time. */
function skewOf(playback: Playback, report: Report, now: number): number | null {
  const comparable =
    report.playbackRevision === playback.revision &&
    report.state === 'PLAYING' &&
    Math.abs(report.at - now) <= CLOCK_TRUST_MS;
  return comparable ? report.positionMs - positionAt(playback, report.at) : null;
}

/** Whether the room should hear of a report at once. Going away is told later, when it has lasted. */
export function isWorthTelling(before: Presence | null, after: Presence): boolean {
  if (isGone(after.state)) return false;
  if (before === null || before.state !== after.state || before.entitled !== after.entitled) return true;
  if (before.skewMs === null || after.skewMs === null) return before.skewMs !== after.skewMs;
  return Math.abs(before.skewMs - after.skewMs) >= SKEW_STEP_MS;
}

/** The state to show: what was reported, unless silence says otherwise. */
export function stateAt(presence: Presence | undefined, joinedAt: number, now: number): MemberState {
  const silentMs = now - (presence?.lastSeenAt ?? joinedAt);
  if (silentMs > DISCONNECTED_AFTER_MS) return 'DISCONNECTED';
  if (silentMs > AWAY_AFTER_MS) return 'AWAY';
  return presence?.state ?? 'JOINING';
}

/** When the room hears that a member is away, unless the member is back before. */
export const awayShownAt = ({ awayAt, lastSeenAt }: Presence): number =>
  Math.min(awayAt ?? Number.POSITIVE_INFINITY, lastSeenAt + AWAY_AFTER_MS) + FLAP_MS;

/** The next instant after `now` at which time alone changes something about this member. */
export function nextDueAt(presence: Presence, now: number): number {
  const { stalledAt, lastSeenAt } = presence;
  const due = [
    ...(stalledAt === null ? [] : [stalledAt + STALL_GRACE_MS]),
    awayShownAt(presence),
    lastSeenAt + DISCONNECTED_AFTER_MS,
    lastSeenAt + OWNER_GONE_AFTER_MS,
  ].filter((at) => at > now);
  return due.length === 0 ? now + LOOK_AGAIN_MS : Math.min(...due);
}

/** The delays that scheduling reckons with: of those who are here. */
export const delaysOf = (presences: readonly Presence[], now: number): number[] =>
  presences.flatMap(({ lastSeenAt, oneWayMs }) =>
    oneWayMs !== null && now - lastSeenAt <= AWAY_AFTER_MS ? [oneWayMs] : [],
  );
