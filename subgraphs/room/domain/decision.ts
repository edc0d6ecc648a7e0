/** What the rules make of a command: one event, or a reason why not. Pure. Expected refusals are results, not errors. */
import type { RoomEventData, RoomEventType } from '../../../schema/events/room.ts';
import type { Presence } from './presence.ts';
import { type Member, memberOf, type Room } from './room.ts';

/** An event before it has a place in the log. One command makes one event, so that it is stored whole or not at all. */
export type Change = {
  [T in Exclude<RoomEventType, 'room.snapshot.taken'>]: { readonly type: T; readonly data: RoomEventData[T] };
}[Exclude<RoomEventType, 'room.snapshot.taken'>];

export type Decision =
  | { readonly outcome: 'APPLIED'; readonly change: Change }
  | { readonly outcome: 'NOOP' | 'CONFLICT' | 'FORBIDDEN'; readonly message: string };

/** What a decision may depend on besides the room and the command. */
export interface Moment {
  /** Server time, ms since the epoch. */
  readonly now: number;
  /** One-way delays that the members' players reported lately, ms; may be empty. */
  readonly delaysMs: readonly number[];
  /** What the members' players reported last; absent: nothing, so there is nobody to wait for. */
  readonly presences?: readonly Presence[];
}

export const applied = (change: Change): Decision => ({ outcome: 'APPLIED', change });
export const noop = (message: string): Decision => ({ outcome: 'NOOP', message });
export const conflict = (message: string): Decision => ({ outcome: 'CONFLICT', message });
export const forbidden = (message: string): Decision => ({ outcome: 'FORBIDDEN', message });

/** The same words for a room that is not there and one that is not the user's, so that nobody can probe. */
export const NO_SUCH_ROOM = 'There is no such room, or you are not in it.';

/** Decides only for members. */
export function asMember(room: Room, userId: string, decide: (member: Member) => Decision): Decision {
  const member = memberOf(room, userId);
  return member === undefined ? forbidden(NO_SUCH_ROOM) : decide(member);
}
