/**
 * A room is what its events made of it: `room = events.reduce(applyEvent)`. Pure, and the only place where a room changes.
 * Never refuses a well-formed event: it has happened.
 */
import type { PlaybackState, QueueChange, RoomEvent, RoomEventData } from '../../../schema/events/room.ts';
import type { Member, Playback, QueueItem, Room } from './room.ts';
import { WAITS_WINDOW_MS } from './waiting.ts';

/** Goes up whenever the same events would make another room: a state that was saved by an older fold is folded anew. */
export const FOLD_VERSION = 2;

type Of<T extends RoomEvent['type']> = Extract<RoomEvent, { type: T }>;

/** The room after one more event. @throws Error where the event is not the next one: the store is damaged */
export function applyEvent(room: Room | null, event: RoomEvent): Room {
  const expected = (room?.revision ?? 0) + 1;
  if (event.revision !== expected) {
    throw new Error(`room ${event.roomId}: revision ${event.revision} where ${expected} should be`);
  }
  if (event.type === 'room.room.created') return created(event);
  if (room === null) throw new Error(`room ${event.roomId} begins with ${event.type}`);
  return { ...changed(room, event), revision: event.revision };
}

function created({ roomId, revision, at, actorId, data }: Of<'room.room.created'>): Room {
  const { ownerId: userId, displayName } = data;
  return {
    id: roomId,
    code: data.code,
    name: data.name,
    revision,
    members: [{ userId, displayName, role: 'OWNER', muted: false, joinedAt: at, joinedRevision: revision }],
    banned: [],
    playback: { ...data.playback, actorId, at },
    lastPause: null,
    queue: [],
    controlPolicy: data.controlPolicy,
    waitPolicy: data.waitPolicy,
    locked: false,
    loadRevision: revision,
    contentRevision: revision,
    hasStarted: false,
    waits: [],
    lostOwner: null,
    createdAt: at,
  };
}

function changed(room: Room, event: RoomEvent): Room {
  switch (event.type) {
    case 'room.playback.played':
      return {
        ...room,
        playback: set(event),
        lastPause: null,
        hasStarted: room.hasStarted || event.data.playback.status === 'PLAYING',
        waits: countLeftBehind(room, event.data.leftBehind ?? [], event.at),
      };
    case 'room.playback.paused': {
      const { playback } = event.data;
      if (playback.status === 'WAITING') {
        return { ...room, playback: set(event), waits: counted(room, playback.waitingFor, event.at) };
      }
      if (playback.status === 'ENDED') return { ...room, playback: set(event) }; // nobody paused it
      return { ...room, playback: set(event), lastPause: { actorId: event.actorId, at: event.at } };
    }
    case 'room.playback.seeked':
      return { ...room, playback: set(event), loadRevision: event.revision };
    case 'room.playback.ratechanged':
      return { ...room, playback: set(event) };
    case 'room.content.changed': {
      const queue = room.queue.filter(({ id }) => id !== event.data.fromQueueItem);
      const { revision } = event;
      return {
        ...room,
        queue,
        playback: set(event),
        lastPause: null,
        loadRevision: revision,
        contentRevision: revision,
        hasStarted: isMoving(event.data.playback),
      };
    }
    case 'room.queue.changed':
      return { ...room, queue: changedQueue(room.queue, event.data, event.actorId ?? '') };
    case 'room.member.changed':
      return memberChanged(room, event);
    case 'room.settings.changed':
      return settingsChanged(room, event.data);
    default:
      return room; // a message, or a kind that a later version adds: the revision counts all the same
  }
}

const isMoving = ({ status }: PlaybackState): boolean => status === 'PLAYING';

/** The waits that still count at `at`, with one more for each of these members. */
const counted = (room: Room, userIds: readonly string[], at: number): Room['waits'] => [
  ...room.waits.filter((wait) => at - wait.at < WAITS_WINDOW_MS),
  ...userIds.map((userId) => ({ userId, at })),
];

/** A wait in mid play was counted when it began. */
const countLeftBehind = (room: Room, userIds: readonly string[], at: number): Room['waits'] =>
  counted(
    room,
    userIds.filter((userId) => !room.waits.some((wait) => wait.userId === userId && wait.at === room.playback.at)),
    at,
  );

const set = ({
  actorId,
  at,
  data,
}: Of<`room.playback.${string}` & RoomEvent['type']> | Of<'room.content.changed'>): Playback => ({
  ...data.playback,
  actorId,
  at,
});

function settingsChanged(room: Room, data: RoomEventData['room.settings.changed']): Room {
  return {
    ...room,
    name: data.name,
    controlPolicy: data.controlPolicy ?? room.controlPolicy,
    waitPolicy: data.waitPolicy ?? room.waitPolicy,
    locked: data.locked ?? room.locked,
    code: data.code ?? room.code,
    banned: room.banned.filter((userId) => userId !== data.unbanned),
  };
}

function memberChanged(room: Room, event: Of<'room.member.changed'>): Room {
  const { data, at, revision } = event;
  const { userId, change } = data;
  switch (change) {
    case 'JOINED': {
      const { displayName = userId, role = 'VIEWER' } = data;
      const member = { userId, displayName, role, muted: false, joinedAt: at, joinedRevision: revision };
      return { ...room, members: [...room.members, member] };
    }
    case 'LEFT':
    case 'KICKED':
    case 'BANNED': {
      const rest = room.members.filter((member) => member.userId !== userId);
      const members = data.newOwnerId === undefined ? rest : withRole(rest, data.newOwnerId, 'OWNER');
      const banned = change === 'BANNED' ? [...room.banned, userId] : room.banned;
      return { ...room, members, banned, lostOwner: lostOwnerAfter(room, event) };
    }
    case 'ROLE_CHANGED':
      return {
        ...room,
        members: data.role === undefined ? room.members : withRole(room.members, userId, data.role),
        lostOwner: data.role === 'OWNER' && room.lostOwner?.userId === userId ? null : room.lostOwner,
      };
    case 'MUTED':
    case 'UNMUTED': {
      const muted = change === 'MUTED';
      return { ...room, members: room.members.map((one) => (one.userId === userId ? { ...one, muted } : one)) };
    }
    case 'STATE_CHANGED':
      return room;
  }
}

/** The server takes nobody's room but of who is silent; who was put out has nothing to reclaim. */
function lostOwnerAfter(room: Room, { actorId, at, data }: Of<'room.member.changed'>): Room['lostOwner'] {
  const { userId, change } = data;
  if (change !== 'LEFT') return room.lostOwner?.userId === userId ? null : room.lostOwner;
  const owned = room.members.some((member) => member.userId === userId && member.role === 'OWNER');
  return owned && actorId === null ? { userId, at } : room.lostOwner;
}

/** There is one owner: a new one makes the old one a moderator. */
const withRole = (members: readonly Member[], userId: string, role: Member['role']): readonly Member[] =>
  members.map((member) => {
    if (member.userId === userId) return { ...member, role };
    return role === 'OWNER' && member.role === 'OWNER' ? { ...member, role: 'MODERATOR' } : member;
  });

function changedQueue(queue: readonly QueueItem[], data: QueueChange, actorId: string): readonly QueueItem[] {
  switch (data.change) {
    case 'ADDED': {
      const item = { id: data.itemId, contentId: data.contentId, addedBy: actorId, votes: [] };
      return queue.toSpliced(data.toIndex, 0, item);
    }
    case 'REMOVED':
      return queue.filter(({ id }) => id !== data.itemId);
    case 'MOVED': {
      const from = queue.findIndex(({ id }) => id === data.itemId);
      const item = queue[from];
      return item === undefined ? queue : queue.toSpliced(from, 1).toSpliced(data.toIndex, 0, item);
    }
    case 'VOTED':
      return queue.map((item) => (item.id === data.itemId ? { ...item, votes: [...item.votes, actorId] } : item));
  }
}
