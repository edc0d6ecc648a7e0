/**
 * What time alone changes in a room: a wait ends, the content ends, a stall outlasts its grace, somebody silent for long is gone. Pure: whoever
 * asks twice, or two processes at once, get the same answer, and the store lets one of the two events in.
 */
import type { Change, Moment } from './decision.ts';
import { removal } from './membership.ts';
import { nextOfQueue, nextPlayback } from './playback.ts';
import { DISCONNECTED_AFTER_MS, NEVER_REPORTED_GONE_AFTER_MS, OWNER_GONE_AFTER_MS, type Presence } from './presence.ts';
import type { Member, Room } from './room.ts';
import { isOver, MAX_POSITION_MS, pauseLeadMs, positionAt, startLeadMs } from './timeline.ts';
import { durationOf, membersStalled, membersStillWaitedFor, STALL_WAIT_MS } from './waiting.ts';

/** How often somebody asks, in ms: a start that would be due before the next time is scheduled now. */
export const TICK_MS = 250;

/** The next thing that is due, if any; ask again on the room after it. `listeningSince`: silence before it is nobody's fault. */
export function tick(room: Room, moment: Moment & { readonly listeningSince?: number }): Change | null {
  return endOfWait(room, moment) ?? endOfContent(room, moment) ?? startOfWait(room, moment) ?? departure(room, moment);
}

function endOfWait(room: Room, moment: Moment): Change | null {
  const { playback } = room;
  if (playback.status !== 'WAITING') return null;
  const soonest = moment.now + startLeadMs(moment.delaysMs);
  const waitUntil = playback.waitUntil ?? moment.now;
  const leftBehind = membersStillWaitedFor(room, moment);
  if (leftBehind.length > 0 && soonest + TICK_MS < waitUntil) return null;
  const effectiveAt = leftBehind.length === 0 ? soonest : Math.max(soonest, waitUntil);
  const started = nextPlayback(room, { status: 'PLAYING', effectiveAt: Math.max(effectiveAt, playback.effectiveAt) });
  return {
    type: 'room.playback.played',
    data: { playback: started, ...(leftBehind.length === 0 ? {} : { leftBehind }) },
  };
}

/** The next of the queue follows; where there is none, the room stands at the end. */
function endOfContent(room: Room, moment: Moment): Change | null {
  const endMs = durationOf(room, moment) ?? MAX_POSITION_MS;
  if (!isOver(room.playback, endMs, moment.now)) return null;
  const [next] = room.queue;
  if (next !== undefined) return nextOfQueue(room, next, moment);
  const playback = nextPlayback(room, { status: 'ENDED', positionMs: endMs, effectiveAt: moment.now });
  return { type: 'room.playback.paused', data: { playback } };
}

/** The room stands where it is: a stalled member is never the one who says where that is. */
function startOfWait(room: Room, moment: Moment): Change | null {
  const { playback } = room;
  if (playback.status !== 'PLAYING' || moment.now < playback.effectiveAt) return null;
  const waitingFor = membersStalled(room, moment);
  if (waitingFor.length === 0) return null;
  const effectiveAt = moment.now + pauseLeadMs(moment.delaysMs);
  return {
    type: 'room.playback.paused',
    data: {
      playback: nextPlayback(room, {
        status: 'WAITING',
        effectiveAt,
        positionMs: positionAt(playback, effectiveAt),
        waitingFor,
        waitUntil: moment.now + STALL_WAIT_MS,
      }),
    },
  };
}

/** Members first, the owner last: who inherits the room should be here. */
function departure(
  room: Room,
  { now, presences = [], listeningSince = 0 }: Moment & { readonly listeningSince?: number },
): Change | null {
  const byUser = new Map(presences.map((presence) => [presence.userId, presence]));
  const isGone = (member: Member): boolean => {
    const presence: Presence | undefined = byUser.get(member.userId);
    if (presence === undefined || presence.lastSeenAt < member.joinedAt) {
      return now - member.joinedAt >= NEVER_REPORTED_GONE_AFTER_MS;
    }
    const silentMs = now - Math.max(presence.lastSeenAt, listeningSince);
    return silentMs >= (member.role === 'OWNER' ? OWNER_GONE_AFTER_MS : DISCONNECTED_AFTER_MS);
  };
  const gone = room.members.filter(isGone);
  const first = gone.find(({ role }) => role !== 'OWNER') ?? gone[0];
  return first === undefined ? null : removal(room, first.userId, 'LEFT');
}
