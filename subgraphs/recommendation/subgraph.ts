/** The recommendation subgraph over its ports: schema, context, and the readers that keep it informed. */
import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { consumeValidated } from '../../platform/dead-letters.ts';
import type { Reader } from '../../platform/ports/event-log.ts';
import type { Ports, Subgraph } from '../../platform/subgraph.ts';
import { USER_EVENTS } from '../../schema/events/topics.ts';
import { followCatalogue } from './catalogue-view.ts';
import type { RecommendationContext } from './context.ts';
import { Catalogue } from './domain/catalogue.ts';
import { Popularity } from './domain/popularity.ts';
import { Snapshots } from './domain/snapshot.ts';
import { Learner } from './learner.ts';
import { createLoaders } from './loaders.ts';
import { followPopularity } from './popularity-view.ts';
import { openProfiles } from './profiles.ts';
import { RecommendationService } from './recommendation-service.ts';
import { resolvers } from './resolvers.ts';
import { readInteraction } from './user-events.ts';

const SDL = new URL('../../schema/recommendation.graphql', import.meta.url);

export function createRecommendationSubgraph({ log, store, clock, logger }: Ports): Subgraph {
  const catalogue = new Catalogue();
  const popularity = new Popularity();
  const snapshots = new Snapshots(catalogue, popularity);
  const profiles = openProfiles(store);
  const learner = new Learner(log, clock, profiles, catalogue);
  const service = new RecommendationService({ log, clock, profiles, catalogue, snapshots });
  const readers: Reader[] = [];

  return {
    name: 'recommendation',
    schema: buildSubgraphSchema([{ typeDefs: parse(readFileSync(SDL, 'utf8')), resolvers }]),
    createContext: (identity): RecommendationContext => ({ identity, service, loaders: createLoaders(profiles) }),
    async start() {
      await profiles.prepare();
      readers.push(await followCatalogue(log, catalogue, logger));
      readers.push(await followPopularity(log, popularity, catalogue, clock));
      readers.push(
        await consumeValidated(
          {
            log,
            logger,
            topic: USER_EVENTS.name,
            group: 'recommendation.learn',
            schema: { parse: (json) => readInteraction(json, catalogue, clock.now()) },
          },
          (batch) => learner.learn(batch),
        ),
      );
      snapshots.at(clock.now()); // the first request must not pay for the index
    },
    async stop() {
      await Promise.all(readers.splice(0).map((reader) => reader.close()));
    },
  };
}
