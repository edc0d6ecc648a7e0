/** A room subgraph over embedded ports, and short ways to use it, for the tests beside this file. */
import { graphql } from 'graphql';
import type { Identity } from '../../../platform/identity.ts';
import { ANONYMOUS } from '../../../platform/identity.ts';
import type { Collection, StoredDocument } from '../../../platform/ports/store.ts';
import type { Ports, Subgraph } from '../../../platform/subgraph.ts';
import type { RoomEvent } from '../../../schema/events/room.ts';
import { SOCIAL_ROOMS } from '../../../schema/events/topics.ts';
import type { RoomContext } from '../../../subgraphs/room/context.ts';
import { applyEvent } from '../../../subgraphs/room/domain/fold.ts';
import type { Room } from '../../../subgraphs/room/domain/room.ts';
import type { CommandResult } from '../../../subgraphs/room/room-commands.ts';
import { ROOM_LIMITS, type RoomLimits } from '../../../subgraphs/room/room-limits.ts';
import { createRoomSubgraph } from '../../../subgraphs/room/subgraph.ts';
import { openTestPorts, type TestPorts } from '../../support/ports.ts';

export const user = (userId: string): Identity => ({ ...ANONYMOUS, userId });
export const audienceOf = (roomId: string): Identity => ({ ...ANONYMOUS, audience: `social_rooms:${roomId}` });

export interface StoredEvent extends StoredDocument {
  roomId: string;
  revision: number;
  outboxAt?: number;
  [field: string]: unknown;
}
export interface StoredRoom extends StoredDocument {
  revision: number;
  room: Room;
}

export interface RoomsUnderTest {
  readonly ports: TestPorts;
  readonly subgraph: Subgraph;
  readonly events: Collection<StoredEvent>;
  readonly saved: Collection<StoredRoom>;
  as(userId: string): RoomContext;
  close(): Promise<void>;
}

export const contextOf = (subgraph: Subgraph, identity: Identity): RoomContext =>
  subgraph.createContext(identity) as RoomContext;

const FREE = { attempts: 100_000, windowMs: 1_000, maxKeys: 1_000 };
/** For tests that are about something else than how fast members may act. */
export const HARDLY_LIMITED: RoomLimits = {
  ...ROOM_LIMITS,
  memberPlayback: FREE,
  roomPlayback: FREE,
  chat: { burst: 100_000, refillMs: 1, maxKeys: 1_000 },
};

/** Started; `wrap` may put something around the ports that the subgraph gets. */
export async function openRooms(
  wrap: (ports: TestPorts) => Ports = (ports) => ports,
  limits: RoomLimits = HARDLY_LIMITED,
): Promise<RoomsUnderTest> {
  const ports = await openTestPorts();
  const subgraph = createRoomSubgraph(wrap(ports), limits);
  await subgraph.start();
  return {
    ports,
    subgraph,
    events: ports.store.collection<StoredEvent>('room_events'),
    saved: ports.store.collection<StoredRoom>('rooms'),
    as: (userId) => contextOf(subgraph, user(userId)),
    async close() {
      await subgraph.stop();
      await ports.close();
    },
  };
}

let commands = 0;
/** A commandId that was not used before. */
export const fresh = (): string => {
  commands += 1;
  return `c${commands}`;
};

const NEW_ROOM = { name: 'Friday', contentId: 'movie_1', controlPolicy: null, waitPolicy: null, displayName: null };

export function roomOf({ room }: CommandResult): Room {
  if (room === null) throw new Error('the answer has no room');
  return room;
}

/** A room of `u1` and the others, in this order. */
export async function roomWith(rooms: RoomsUnderTest, ...others: string[]): Promise<Room> {
  const made = await rooms.as('u1').rooms.create(user('u1'), { ...NEW_ROOM, commandId: fresh() });
  let room = roomOf(made);
  for (const userId of others) {
    const joined = await rooms.as(userId).rooms.join(user(userId), { code: room.code, displayName: null });
    room = roomOf(joined);
  }
  return room;
}

/** All that is on the topic for one room, in order. */
export async function published(ports: Pick<Ports, 'log'>, roomId: string): Promise<RoomEvent[]> {
  const found: RoomEvent[] = [];
  for (let partition = 0; partition < SOCIAL_ROOMS.partitions; partition += 1) {
    for await (const { key, value } of ports.log.read({ topic: SOCIAL_ROOMS.name, partition, fromOffset: 0 })) {
      if (key === roomId && value !== null) found.push(JSON.parse(value.toString()));
    }
  }
  return found;
}

/** What a reader is left with who drops repeats: the first appearance of every revision. */
export const firstAppearances = (events: readonly RoomEvent[]): number[] => [
  ...new Set(events.map(({ revision }) => revision)),
];

export const fold = (events: readonly RoomEvent[]): Room | null =>
  events.reduce((room: Room | null, event) => applyEvent(room, event), null);

export async function ask(
  subgraph: Subgraph,
  identity: Identity,
  source: string,
  variableValues: Record<string, unknown> = {},
) {
  const contextValue = subgraph.createContext(identity);
  return graphql({ schema: subgraph.schema, source, variableValues, contextValue });
}
