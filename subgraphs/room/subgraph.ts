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
import { RoomDirectory } from './room-directory.ts';
import { RoomJournal } from './room-journal.ts';
import { RoomReader } from './room-reader.ts';
import { RoomService } from './room-service.ts';

/** Watch rooms: members, roles, playback, queue, chat, reactions, presence. */
export function createRoomSubgraph(ports: Ports): Subgraph {
  const journal = new RoomJournal(ports);
  const directory = new RoomDirectory(ports.store);
  const presence = new PresenceBoard(ports);
  const commands = new RoomCommands(journal, directory, presence, ports);
  const rooms = new RoomService({ journal, directory, presence, commands }, ports.clock);
  const reader = new RoomReader(journal, directory, presence, ports.clock);
  const outbox = new Outbox(journal, ports);
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
      await Promise.all([journal.createIndexes(), directory.createIndexes(), presence.createIndexes()]);
      await outbox.start();
    },
    stop: () => outbox.stop(),
  };
}
