/**
 * GraphiQL's tabs for a demo user: each works at the first click, in this order. Used by main.ts only; the gateway itself
 * knows none of these fields.
 */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { roomIdOf } from '../subgraphs/room/domain/room-id.ts';
import type { ExplorerTab } from './explorer.ts';

/** Answers a query as the demo user; `data` only. */
export type Ask = (query: string) => Promise<unknown>;

/** The operations are in fixtures/explorer/NAME.graphql. */
const NAMES = ['Home', 'Search', 'CreateRoom', 'WatchRoom', 'PauseRoom'] as const;

/** The room of the tabs: known before it is made, because a room's id follows from the command that makes it. */
const COMMAND_ID = randomUUID();

/** Tabs signed in with the token; the room's tabs begin with a title that is in the catalogue. */
export async function demoTabs(token: string, userId: string, ask: Ask): Promise<readonly ExplorerTab[]> {
  const contentId = await findTitle(ask);
  const roomId = roomIdOf(userId, COMMAND_ID);
  const variables: Readonly<Record<(typeof NAMES)[number], object>> = {
    Home: { rows: 4 },
    Search: { query: 'brooklyn nine' },
    CreateRoom: { input: { commandId: COMMAND_ID, name: 'Friday night', contentId } },
    WatchRoom: { roomId },
    PauseRoom: { play: { roomId, commandId: randomUUID() }, pause: { roomId, commandId: randomUUID() } },
  };
  return Promise.all(
    NAMES.map(async (name) => ({
      name,
      query: await readFile(new URL(`../fixtures/explorer/${name}.graphql`, import.meta.url), 'utf8'),
      variables: JSON.stringify(variables[name], null, 2),
      headers: JSON.stringify({ Authorization: `Bearer ${token}` }, null, 2),
    })),
  );
}

async function findTitle(ask: Ask): Promise<string | null> {
  const found = (await ask('{ catalogue(first: 1, sort: POPULARITY) { edges { node { id } } } }')) as {
    catalogue?: { edges: { node: { id: string } }[] };
  } | null;
  return found?.catalogue?.edges[0]?.node.id ?? null;
}
