/** Wires the room subgraph onto its ports. Chooses no adapter. */
import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import type { Identity } from '../../platform/identity.ts';
import type { Ports, Subgraph } from '../../platform/subgraph.ts';
import type { RoomContext } from './context.ts';
import { createLoaders } from './loaders.ts';
import { Outbox } from './outbox.ts';
import { PresenceBoard } from './presence-board.ts';
import { resolvers } from './resolvers.ts';
import { RoomCommands } from './room-commands.ts';
import { RoomDepartures } from './room-departures.ts';
import { RoomDirectory } from './room-directory.ts';
import { RoomDriver } from './room-driver.ts';
import { RoomJournal } from './room-journal.ts';
import { RoomKeeper } from './room-keeper.ts';
import { ROOM_LIMITS, RoomLimiters, type RoomLimits } from './room-limits.ts';
import { RoomPulses } from './room-pulses.ts';
import { RoomReader } from './room-reader.ts';
import { RoomService } from './room-service.ts';
import { RoomStates } from './room-states.ts';

/** Watch rooms: members, roles, playback, queue, chat, reactions, presence. */
export function createRoomSubgraph(ports: Ports, limits: RoomLimits = ROOM_LIMITS): Subgraph {
  const states = new RoomStates(ports);
  const journal = new RoomJournal(states, ports);
  const directory = new RoomDirectory(ports.store);
  const presence = new PresenceBoard(ports);
  const limiters = new RoomLimiters(limits);
  const pulses = new RoomPulses(ports);
  const commands = new RoomCommands(journal, directory, presence, limiters, ports);
  const parts = { states, journal, directory, presence, pulses, commands, limits: limiters };
  const rooms = new RoomService(parts, ports.clock);
  const reader = new RoomReader(parts, ports.clock);
  const outbox = new Outbox(journal, ports);
  const driver = new RoomDriver(parts, ports);
  const departures = new RoomDepartures(presence, ports);
  const keeper = new RoomKeeper(parts, ports);
  const typeDefs = parse(readFileSync(new URL('../../schema/room.graphql', import.meta.url), 'utf8'));
  return {
    name: 'room',
    schema: buildSubgraphSchema([{ typeDefs, resolvers }]),
    createContext: (identity: Identity): RoomContext => ({
      identity,
      rooms,
      reader,
      loaders: createLoaders(reader, identity),
    }),
    async start() {
      await Promise.all([states, journal, directory, presence].map((each) => each.createIndexes()));
      await Promise.all([outbox.start(), departures.start()]);
      driver.start();
      keeper.start();
    },
    async stop() {
      await Promise.all([outbox, departures, driver, keeper].map((each) => each.stop()));
      await Promise.all([pulses.stop(), journal.stop()]);
    },
  };
}
