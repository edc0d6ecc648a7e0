/** GraphQL to use cases and back: translates and delegates. No rule, no driver, no environment. No `Subscription`: the gateway's. */

import { AppError } from '../../schema/errors.ts';
import type { Resolvers } from '../../schema/generated/room.ts';
import type { RoomContext } from './context.ts';
import { controlPolicyOf } from './domain/permissions.ts';
import { stateAt } from './domain/presence.ts';
import { type Member, ownerOf, type Room } from './domain/room.ts';
import { requireUser } from './room-access.ts';

/** A member knows its room: presence is kept per room. */
export interface MemberOfRoom {
  readonly roomId: string;
  readonly member: Member;
}

/** A user is only an id here. */
export interface UserRef {
  readonly id: string;
}

const content = (id: string | null) => (id === null ? null : { __typename: 'Content' as const, id });
const memberIn = (room: Room, member: Member): MemberOfRoom => ({ roomId: room.id, member });
const presenceOf = ({ roomId, member }: MemberOfRoom, { loaders }: RoomContext) =>
  loaders.presence.load({ roomId, userId: member.userId });

/** Absent and null are one in this API; the use cases know null only. */
const withNulls = <T extends object, K extends keyof T>(input: T, fields: readonly K[]) =>
  ({ ...Object.fromEntries(fields.map((field) => [field, null])), ...input }) as Omit<T, K> & {
    [P in K]-?: Exclude<T[P], undefined>;
  };

async function roomsOf(userId: string, { loaders }: RoomContext): Promise<Room[]> {
  const rooms = await loaders.room.loadMany(await loaders.roomIds.load(userId));
  return rooms.flatMap((room) => {
    if (room instanceof Error) throw room;
    return room === null ? [] : [room];
  });
}

export const resolvers: Resolvers = {
  Query: {
    room: (_, { id }, { loaders }) => loaders.room.load(id),
    myRooms: (_, _args, context) => roomsOf(requireUser(context.identity), context),
    serverTime: (_, { t0 }, { reader }) => ({ t0, t1: reader.now(), t2: reader.now() }),
    roomEventsSince: (_, { roomId, afterRevision }, { reader, identity }) =>
      reader.eventsSince(identity, roomId, afterRevision ?? null),
  },
  Mutation: {
    createRoom: (_, { input }, { rooms, identity }) =>
      rooms.create(identity, withNulls(input, ['contentId', 'controlPolicy', 'waitPolicy', 'displayName'])),
    joinRoom: (_, { input }, { rooms, identity }) => rooms.join(identity, withNulls(input, ['displayName'])),
    leaveRoom: (_, { roomId }, { rooms, identity }) => rooms.leave(identity, roomId),
    play: (_, { input }, { rooms, identity }) => rooms.play(identity, withNulls(input, ['expectedRevision'])),
    pause: (_, { input }, { rooms, identity }) => rooms.pause(identity, withNulls(input, ['expectedRevision'])),
    seek: (_, { input }, { rooms, identity }) =>
      rooms.seek(identity, { force: false, ...withNulls(input, ['expectedRevision', 'positionMs', 'deltaMs']) }),
    setPlaybackRate: (_, { input }, { rooms, identity }) =>
      rooms.setPlaybackRate(identity, withNulls(input, ['expectedRevision'])),
    setContent: (_, { input }, { rooms, identity }) =>
      rooms.setContent(identity, { force: false, ...withNulls(input, ['expectedRevision', 'positionMs']) }),
    updateQueue: (_, { input }, { rooms, identity }) =>
      rooms.updateQueue(identity, withNulls(input, ['contentId', 'itemId', 'toIndex'])),
    updateRoom: (_, { input }, { rooms, identity }) =>
      rooms.updateRoom(identity, withNulls(input, ['name', 'controlPolicy', 'waitPolicy'])),
    moderate: (_, { input }, { rooms, identity }) => rooms.moderate(identity, withNulls(input, ['userId', 'role'])),
    sendMessage: (_, { input }, { rooms, identity }) => rooms.sendMessage(identity, input),
    react: (_, { roomId, emoji }, { rooms, identity }) => rooms.react(identity, roomId, emoji),
    reportPlayback: async (_, { input }, { rooms, identity }) => ({
      playback: await rooms.reportPlayback(identity, withNulls(input, ['oneWayMs', 'durationMs', 'entitled'])),
    }),
  },
  Room: {
    __resolveReference: ({ id }, { loaders }) => loaders.room.load(id),
    owner: (room) => {
      const owner = ownerOf(room);
      if (owner === undefined) throw new Error(`room ${room.id} has no owner`);
      return memberIn(room, owner);
    },
    members: (room) => room.members.map((member) => memberIn(room, member)),
    memberIds: (room) => room.members.map(({ userId }) => userId),
    controlPolicy: controlPolicyOf,
    messages: (room, { last, beforeRevision }, { reader }) => reader.messages(room, last, beforeRevision ?? null),
  },
  Member: {
    userId: ({ member }) => member.userId,
    user: ({ member }) => ({ __typename: 'User', id: member.userId }),
    displayName: ({ member }) => member.displayName,
    role: ({ member }) => member.role,
    muted: ({ member }) => member.muted,
    joinedAt: ({ member }) => member.joinedAt,
    state: async (parent, _, context) =>
      stateAt(await presenceOf(parent, context), parent.member.joinedAt, context.reader.now()),
    lastSeenAt: async (parent, _, context) => (await presenceOf(parent, context))?.lastSeenAt ?? parent.member.joinedAt,
  },
  Playback: { content: ({ contentId }) => content(contentId) },
  QueueItem: { content: ({ contentId }) => content(contentId), votesToSkip: ({ votes }) => votes.length },
  User: {
    __resolveReference: ({ id }) => ({ id }),
    rooms: ({ id }, _, context) => {
      if (context.identity.userId !== id) throw new AppError('FORBIDDEN', 'Rooms are told to their own members only.');
      return roomsOf(id, context);
    },
  },
};
