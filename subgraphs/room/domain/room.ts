/** What a room is: its state after some revision, and the limits it keeps. Pure. Times: ms since the epoch. */
import type { PlaybackState, RoomControlPolicy, RoomRole, RoomWaitPolicy } from '../../../schema/events/room.ts';

export const MAX_MEMBERS = 1_000;
export const MAX_BANNED = 1_000;
export const MAX_QUEUE = 250;

export interface Member {
  readonly userId: string;
  readonly displayName: string;
  readonly role: RoomRole;
  readonly muted: boolean;
  readonly joinedAt: number;
  /** Revision of the joining; a later one means the member left and came back. */
  readonly joinedRevision: number;
}

/** The timeline, who set it and when: the conflict rules ask for both. */
export interface Playback extends PlaybackState {
  readonly actorId: string | null;
  readonly at: number;
}

export interface QueueItem {
  readonly id: string;
  readonly contentId: string;
  readonly addedBy: string;
  /** Members who want it gone. */
  readonly votes: readonly string[];
}

export interface Room {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly revision: number;
  /** In order of joining. Never without exactly one owner, unless empty. */
  readonly members: readonly Member[];
  readonly banned: readonly string[];
  readonly playback: Playback;
  /** The pause that still stands; null while playing, and where nobody paused: new content stands still by itself. */
  readonly lastPause: { readonly actorId: string | null; readonly at: number } | null;
  readonly queue: readonly QueueItem[];
  /** Null: the owner never chose, so it follows the room's size. */
  readonly controlPolicy: RoomControlPolicy | null;
  readonly waitPolicy: RoomWaitPolicy;
  readonly locked: boolean;
  /** Revision of the last seek or change of content: what a player must have loaded to be ready. */
  readonly loadRevision: number;
  /** Revision of the last change of content. */
  readonly contentRevision: number;
  /** Whether the content has begun to play. */
  readonly hasStarted: boolean;
  /** Waits of the last minutes in mid play, and starts that could not wait longer: one entry for each member they were for. */
  readonly waits: readonly { readonly userId: string; readonly at: number }[];
  /** The owner whom silence cost the room, and when; null: nobody. */
  readonly lostOwner: { readonly userId: string; readonly at: number } | null;
  readonly createdAt: number;
}

/** The member with this user id. O(members). */
export const memberOf = (room: Room, userId: string): Member | undefined =>
  room.members.find((member) => member.userId === userId);

/** The owner; only an empty room has none. */
export const ownerOf = (room: Room): Member | undefined => room.members.find(({ role }) => role === 'OWNER');

/** Who takes over when `leavingId` goes: the longest-serving of the highest role that is left. */
export function successorOf(room: Room, leavingId: string): Member | undefined {
  const others = room.members.filter(({ userId }) => userId !== leavingId);
  return (
    others.find(({ role }) => role === 'MODERATOR') ?? others.find(({ role }) => role === 'CONTROLLER') ?? others[0]
  );
}
