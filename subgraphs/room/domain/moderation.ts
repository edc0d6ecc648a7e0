/** Keeping order, and the room's settings. Pure. */
import { AppError } from '../../../schema/errors.ts';
import type { MemberChange, RoomControlPolicy, RoomRole, RoomWaitPolicy } from '../../../schema/events/room.ts';
import { applied, asMember, type Change, conflict, type Decision, forbidden, type Moment, noop } from './decision.ts';
import { removal } from './membership.ts';
import { mayModerate, outranks } from './permissions.ts';
import { MAX_BANNED, type Member, memberOf, type Room } from './room.ts';
import { cleanText } from './text.ts';

export type ModerationAction =
  | 'KICK'
  | 'BAN'
  | 'UNBAN'
  | 'MUTE'
  | 'UNMUTE'
  | 'SET_ROLE'
  | 'TRANSFER_OWNERSHIP'
  | 'LOCK'
  | 'UNLOCK'
  | 'ROTATE_CODE';

export interface ModerationCommand {
  readonly actorId: string;
  readonly action: ModerationAction;
  readonly userId: string | null;
  readonly role: RoomRole | null;
  /** The code to take for ROTATE_CODE: chance is not this layer's. */
  readonly newCode: string | null;
}

const ABOVE_YOU = 'Your role does not let you do this.';
const NOT_A_MEMBER = 'This user is not in the room.';

const changed = (userId: string, change: MemberChange, role?: RoomRole): Change => ({
  type: 'room.member.changed',
  data: { userId, change, ...(role === undefined ? {} : { role }) },
});

/** An owner who lost the room by silence may have it back for this long. */
const RECLAIM_WITHIN_MS = 600_000;

/** Owner and moderators, and only against somebody of a lower role. @throws AppError BAD_USER_INPUT, TOO_MANY */
export function moderate(room: Room, command: ModerationCommand, moment?: Moment): Decision {
  return asMember(room, command.actorId, (member) => {
    if (reclaims(room, command, moment)) return applied(changed(member.userId, 'ROLE_CHANGED', 'OWNER'));
    if (!mayModerate(member)) return forbidden(ABOVE_YOU);
    switch (command.action) {
      case 'LOCK':
      case 'UNLOCK':
        return lock(room, command.action === 'LOCK');
      case 'ROTATE_CODE':
        return rotateCode(room, command.newCode);
      default:
        return moderateUser(room, member, command);
    }
  });
}

/** A returned owner transfers the room to itself. */
const reclaims = ({ lostOwner }: Room, { action, actorId, userId }: ModerationCommand, moment?: Moment): boolean =>
  action === 'TRANSFER_OWNERSHIP' &&
  userId === actorId &&
  lostOwner?.userId === actorId &&
  moment !== undefined &&
  moment.now - lostOwner.at <= RECLAIM_WITHIN_MS;

function lock(room: Room, locked: boolean): Decision {
  if (room.locked === locked) return noop(locked ? 'It is locked.' : 'It is open.');
  return applied({ type: 'room.settings.changed', data: { name: room.name, locked } });
}

function rotateCode(room: Room, code: string | null): Decision {
  if (code === null) return conflict('Your role has just changed; try again.');
  return applied({ type: 'room.settings.changed', data: { name: room.name, code } });
}

function moderateUser(room: Room, member: Member, { action, userId, role }: ModerationCommand): Decision {
  if (userId === null) throw new AppError('BAD_USER_INPUT', `${action} needs userId.`);
  const target = memberOf(room, userId);
  if (target !== undefined && !outranks(member, target.role)) return forbidden(ABOVE_YOU);
  if (action === 'BAN') return ban(room, userId, target);
  if (action === 'UNBAN') {
    if (!room.banned.includes(userId)) return noop('This user is not banned.');
    return applied({ type: 'room.settings.changed', data: { name: room.name, unbanned: userId } });
  }
  if (target === undefined) return noop(NOT_A_MEMBER);
  switch (action) {
    case 'KICK':
      return applied(removal(room, userId, 'KICKED'));
    case 'MUTE':
      return target.muted ? noop('This member is muted.') : applied(changed(userId, 'MUTED'));
    case 'UNMUTE':
      return target.muted ? applied(changed(userId, 'UNMUTED')) : noop('This member is not muted.');
    case 'TRANSFER_OWNERSHIP':
      return member.role === 'OWNER' ? applied(changed(userId, 'ROLE_CHANGED', 'OWNER')) : forbidden(ABOVE_YOU);
    default:
      return setRole(member, target, role);
  }
}

function ban(room: Room, userId: string, target: Member | undefined): Decision {
  if (room.banned.includes(userId)) return noop('This user is banned.');
  if (room.banned.length >= MAX_BANNED) throw new AppError('TOO_MANY', `A room bans ${MAX_BANNED} users at most.`);
  return applied(target === undefined ? changed(userId, 'BANNED') : removal(room, userId, 'BANNED'));
}

function setRole(member: Member, target: Member, role: RoomRole | null): Decision {
  if (role === null) throw new AppError('BAD_USER_INPUT', 'SET_ROLE needs role.');
  if (role === 'OWNER') throw new AppError('BAD_USER_INPUT', 'Ownership passes by TRANSFER_OWNERSHIP.');
  if (!outranks(member, role)) return forbidden(ABOVE_YOU);
  if (target.role === role) return noop('This member has the role.');
  return applied(changed(target.userId, 'ROLE_CHANGED', role));
}

export interface UpdateCommand {
  readonly actorId: string;
  readonly name: string | null;
  readonly controlPolicy: RoomControlPolicy | null;
  readonly waitPolicy: RoomWaitPolicy | null;
}

/** Name: owner and moderators; policies: the owner. Null leaves as it is. @throws AppError BAD_USER_INPUT */
export function updateRoom(room: Room, command: UpdateCommand): Decision {
  const name = command.name === null ? room.name : cleanText('name', command.name);
  const { controlPolicy, waitPolicy } = command;
  return asMember(room, command.actorId, (member) => {
    if (!mayModerate(member)) return forbidden(ABOVE_YOU);
    if ((controlPolicy !== null || waitPolicy !== null) && member.role !== 'OWNER') return forbidden(ABOVE_YOU);
    const same =
      name === room.name &&
      (controlPolicy === null || controlPolicy === room.controlPolicy) &&
      (waitPolicy === null || waitPolicy === room.waitPolicy);
    if (same) return noop('Nothing would change.');
    return applied({
      type: 'room.settings.changed',
      data: {
        name,
        ...(controlPolicy === null ? {} : { controlPolicy }),
        ...(waitPolicy === null ? {} : { waitPolicy }),
      },
    });
  });
}
