/** Coming and going: opening a room, joining, leaving. Pure. */
import { AppError } from '../../../schema/errors.ts';
import type { RoomControlPolicy, RoomEventData, RoomWaitPolicy } from '../../../schema/events/room.ts';
import { applied, asMember, type Change, type Decision, forbidden, noop } from './decision.ts';
import { initialPlayback } from './playback.ts';
import { MAX_MEMBERS, memberOf, type Room, successorOf } from './room.ts';
import { cleanText, TEXT_LIMITS } from './text.ts';

export interface NewRoom {
  readonly actorId: string;
  readonly name: string;
  readonly contentId: string | null;
  readonly controlPolicy: RoomControlPolicy | null;
  readonly waitPolicy: RoomWaitPolicy | null;
  readonly displayName: string | null;
}

/** The given name, else the user id as far as it can be shown. @throws AppError BAD_USER_INPUT */
export function displayNameOf(userId: string, displayName: string | null): string {
  if (displayName !== null) return cleanText('displayName', displayName);
  try {
    return cleanText('displayName', [...userId].slice(0, TEXT_LIMITS.displayName).join(''));
  } catch {
    return 'Guest'; // an id that is no text to show is no fault of its user
  }
}

/** A room's first event, but for the invite code: chance is not this layer's. @throws AppError BAD_USER_INPUT */
export function draftRoom(command: NewRoom, now: number): Omit<RoomEventData['room.room.created'], 'code'> {
  return {
    name: cleanText('name', command.name),
    ownerId: command.actorId,
    displayName: displayNameOf(command.actorId, command.displayName),
    controlPolicy: command.controlPolicy,
    waitPolicy: command.waitPolicy ?? 'UP_TO_LIMIT',
    playback: initialPlayback(command.contentId, now),
  };
}

/** Enters with the code; who enters an empty room owns it. `displayName` is clean. @throws AppError TOO_MANY */
export function join(
  room: Room,
  { actorId, code, displayName }: { readonly actorId: string; readonly code: string; readonly displayName: string },
): Decision {
  if (memberOf(room, actorId) !== undefined) return noop('You are in this room.');
  if (room.code !== code || room.locked || room.banned.includes(actorId)) return forbidden('This code opens no room.');
  if (room.members.length >= MAX_MEMBERS) throw new AppError('TOO_MANY', 'The room is full.');
  const role = room.members.length === 0 ? 'OWNER' : 'VIEWER';
  return applied({ type: 'room.member.changed', data: { userId: actorId, change: 'JOINED', displayName, role } });
}

/** What removes a member; an owner's room passes on in the same event. */
export function removal(room: Room, userId: string, change: 'LEFT' | 'KICKED' | 'BANNED'): Change {
  const heir = memberOf(room, userId)?.role === 'OWNER' ? successorOf(room, userId) : undefined;
  return {
    type: 'room.member.changed',
    data: { userId, change, ...(heir === undefined ? {} : { newOwnerId: heir.userId }) },
  };
}

/** Leaves. */
export const leave = (room: Room, actorId: string): Decision =>
  asMember(room, actorId, () => applied(removal(room, actorId, 'LEFT')));
