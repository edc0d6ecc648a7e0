/**
 * GraphiQL for a demo user, with tabs that each work at the first click, in this order. Used by main.ts only; the gateway
 * itself knows none of these fields.
 */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { RequestHandler } from 'express';
import { roomIdOf } from '../subgraphs/room/domain/room-id.ts';
import { createExplorer, type ExplorerTab } from './explorer.ts';
import { type Ask, GRAPHQL_PATH } from './gateway.ts';

/** The operations are in fixtures/explorer/NAME.graphql. */
const NAMES = ['Home', 'Search', 'CreateRoom', 'WatchRoom', 'PauseRoom'] as const;

/** The room of the tabs: known before it is made, because a room's id follows from the command that makes it. */
const COMMAND_ID = randomUUID();

/** Signed in with the token. The page is made when it is first asked for, and the catalogue has a title for the room. */
export function demoExplorer(token: string, userId: string, ask: Ask): RequestHandler {
  let made: RequestHandler | undefined;
  return async (request, response, next) => {
    if (request.method !== 'GET') return next();
    let explorer = made;
    if (!explorer) {
      const contentId = await findTitle(ask);
      const tabs = await demoTabs(token, userId, contentId);
      explorer = createExplorer({ path: GRAPHQL_PATH, assetsPath: `${GRAPHQL_PATH}/assets`, title: 'Fire TV', tabs });
      if (contentId) made = explorer;
    }
    return explorer(request, response, next);
  };
}

async function demoTabs(token: string, userId: string, contentId: string | null): Promise<readonly ExplorerTab[]> {
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
  const { data } = await ask('{ catalogue(first: 1, sort: POPULARITY) { edges { node { id } } } }');
  const found = data as { catalogue?: { edges: { node: { id: string } }[] } } | null | undefined;
  return found?.catalogue?.edges[0]?.node.id ?? null;
}
