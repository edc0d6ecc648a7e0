/** Whose room is it to see: the one place that says so. */
import type { Identity } from '../../platform/identity.ts';
import { AppError } from '../../schema/errors.ts';
import { SOCIAL_ROOMS } from '../../schema/events/topics.ts';
import { NO_SUCH_ROOM } from './domain/decision.ts';
import { memberOf, type Room } from './domain/room.ts';

/** The user that acts. @throws AppError UNAUTHENTICATED */
export function requireUser({ userId }: Identity): string {
  if (userId === null) throw new AppError('UNAUTHENTICATED', 'Rooms are for users.');
  return userId;
}

/** Members read a room, and so does the gateway when it resolves one event for all of the room's stream. */
export const mayRead = ({ userId, audience }: Identity, room: Room): boolean =>
  room.members.length > 0 &&
  (audience === `${SOCIAL_ROOMS.name}:${room.id}` || (userId !== null && memberOf(room, userId) !== undefined));

/** The room, for a member. A room that is not there and one that is not theirs are told in the same words. @throws AppError FORBIDDEN */
export function requireMember(room: Room | null | undefined, userId: string): Room {
  if (room === null || room === undefined || memberOf(room, userId) === undefined) {
    throw new AppError('FORBIDDEN', NO_SUCH_ROOM);
  }
  return room;
}
