/** The content subgraph: catalogue, search and the consumer that keeps them, on the ports it is given. */
import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import type { Reader } from '../../platform/ports/event-log.ts';
import type { Ports, Subgraph } from '../../platform/subgraph.ts';
import { CatalogueFollower } from './catalogue-follower.ts';
import { CatalogueView } from './catalogue-view.ts';
import { contentCollections, createContentIndexes } from './content-collections.ts';
import { ContentService } from './content-service.ts';
import type { ContentContext } from './context.ts';
import { FeedState } from './feed-state.ts';
import { createLoaders } from './loaders.ts';
import { Quarantine } from './quarantine.ts';
import { resolvers } from './resolvers.ts';
import { SearchIndex } from './search-index.ts';
import { startSync } from './sync.ts';

const SDL = new URL('../../schema/content.graphql', import.meta.url);

export function createContentSubgraph(ports: Ports): Subgraph {
  const { log, store, clock, logger } = ports;
  const collections = contentCollections(store);
  const view = new CatalogueView();
  const search = new SearchIndex();
  const quarantine = new Quarantine();
  const follower = new CatalogueFollower(log, collections.works, view, search, logger);
  const content = new ContentService({ collections, view, search, quarantine, feeds: new FeedState(store), clock });
  let sync: Reader | null = null;

  return {
    name: 'content',
    schema: buildSubgraphSchema([{ typeDefs: parse(readFileSync(SDL, 'utf8')), resolvers }]),
    createContext: (identity): ContentContext => ({ identity, content, loaders: createLoaders(collections) }),
    async start() {
      await createContentIndexes(collections);
      await follower.start();
      await quarantine.start(log);
      sync = await startSync(ports);
    },
    async stop() {
      await sync?.close();
      await quarantine.stop();
      await follower.stop();
      sync = null;
    },
  };
}
