/**
 * Whom a room waits for, and how long: research 4.3, "barrier". Bounded by size, time and frequency, because a wait for every
 * straggler costs a crowd more than the stragglers gain. Pure. Times: ms.
 */
import type { Moment } from './decision.ts';
import { isController } from './permissions.ts';
import { AWAY_AFTER_MS, type Presence, STALL_GRACE_MS } from './presence.ts';
import type { Member, Room } from './room.ts';
import { isOver } from './timeline.ts';

/** Before content that has not begun. */
const NEW_CONTENT_WAIT_MS = 12_000;
/** Before any other start, and after a seek. */
const START_WAIT_MS = 4_000;
/** In mid play. */
export const STALL_WAIT_MS = 6_000;
/** With WaitPolicy UP_TO_LIMIT a larger room waits for nobody. */
const WAITS_UP_TO_MEMBERS = 8;
/** Who was waited for this often within WAITS_WINDOW_MS catches up alone. */
const MAX_WAITS = 3;
export const WAITS_WINDOW_MS = 600_000;

/** A member with what its player reported since it joined. */
interface Present {
  readonly member: Member;
  readonly presence: Presence;
}

/** Members whose players report, and who were not silent for long. Who never reported has no player to wait for. */
function presentIn(room: Room, { presences = [], now }: Moment): Present[] {
  const byUser = new Map(presences.map((presence) => [presence.userId, presence]));
  return room.members.flatMap((member) => {
    const presence = byUser.get(member.userId);
    const here =
      presence !== undefined &&
      presence.lastSeenAt >= member.joinedAt &&
      now - presence.lastSeenAt <= AWAY_AFTER_MS &&
      presence.state !== 'AWAY' &&
      presence.state !== 'DISCONNECTED';
    return here ? [{ member, presence }] : [];
  });
}

/** The policy, the room's size, and how often the member was waited for. */
function mayBeWaitedFor(room: Room, member: Member, now: number): boolean {
  if (room.waitPolicy === 'NEVER') return false;
  if (room.waitPolicy === 'CONTROLLERS_ONLY' && !isController(member)) return false;
  if (room.waitPolicy === 'UP_TO_LIMIT' && room.members.length > WAITS_UP_TO_MEMBERS) return false;
  const recent = room.waits.filter(({ userId, at }) => userId === member.userId && now - at < WAITS_WINDOW_MS);
  return recent.length < MAX_WAITS;
}

/** An advertisement ends when its platform likes, and a member without the platform never starts: nobody waits for either. */
const canBecomeReady = (presence: Presence, contentRevision: number): boolean =>
  presence.state !== 'AD' && (presence.entitled || presence.playbackRevision < contentRevision);

const isReady = ({ state, playbackRevision }: Presence, loadRevision: number): boolean =>
  (state === 'READY' || state === 'PLAYING') && playbackRevision >= loadRevision;

const eligible = (room: Room, moment: Moment): Present[] =>
  presentIn(room, moment).filter(({ member }) => mayBeWaitedFor(room, member, moment.now));

const idsOf = (present: readonly Present[]): string[] => present.map(({ member }) => member.userId);

/** Who has to load what a seek or new content asks for: everyone, since nobody has it yet. */
export function membersThatMustLoad(room: Room, moment: Moment, newContent: boolean): string[] {
  const contentRevision = newContent ? room.revision + 1 : room.contentRevision;
  return idsOf(eligible(room, moment).filter(({ presence }) => canBecomeReady(presence, contentRevision)));
}

/** Who is still loading what the room is about to play. */
export const membersLoading = (room: Room, moment: Moment): string[] =>
  idsOf(
    eligible(room, moment).filter(
      ({ presence }) => canBecomeReady(presence, room.contentRevision) && !isReady(presence, room.loadRevision),
    ),
  );

/** Of those whom the room waits for: who is here, able to become ready, and is not. A wait that began goes on whatever its limits say now. */
export const membersStillWaitedFor = (room: Room, moment: Moment): string[] =>
  idsOf(
    presentIn(room, moment).filter(
      ({ member, presence }) =>
        room.playback.waitingFor.includes(member.userId) &&
        canBecomeReady(presence, room.contentRevision) &&
        !isReady(presence, room.loadRevision),
    ),
  );

/** Whether a report may be the one that makes something due: it ends what a room waits for, or tells that the content is over. */
export const mayMakeDue = (room: Room, presence: Presence, now: number): boolean =>
  mayEndWait(room, presence) || (presence.durationMs !== null && isOver(room.playback, presence.durationMs, now));

const mayEndWait = (room: Room, presence: Presence): boolean =>
  room.playback.waitingFor.includes(presence.userId) &&
  (presence.state === 'AWAY' ||
    presence.state === 'DISCONNECTED' ||
    isReady(presence, room.loadRevision) ||
    !canBecomeReady(presence, room.contentRevision));

/** Who has stalled since the room last started, for longer than the grace. A joiner that never played has not stalled. */
export const membersStalled = (room: Room, moment: Moment): string[] =>
  idsOf(
    eligible(room, moment).filter(
      ({ presence: { state, stalledAt, playbackRevision } }) =>
        state === 'BUFFERING' &&
        stalledAt !== null &&
        stalledAt >= room.playback.effectiveAt &&
        playbackRevision >= room.loadRevision &&
        moment.now - stalledAt >= STALL_GRACE_MS,
    ),
  );

/** How long a start or a seek is waited for. */
export const startWaitMs = (room: Room): number => (room.hasStarted ? START_WAIT_MS : NEW_CONTENT_WAIT_MS);
export const newContentWaitMs = NEW_CONTENT_WAIT_MS;

/** How long the content is, as far as the members who have it loaded tell; the longest, so that nobody narrows it for the others. */
export function durationOf(room: Room, { presences = [] }: Moment): number | null {
  const told = presences.flatMap(({ durationMs, playbackRevision }) =>
    durationMs !== null && playbackRevision >= room.contentRevision ? [durationMs] : [],
  );
  return told.length === 0 ? null : Math.max(...told);
}
