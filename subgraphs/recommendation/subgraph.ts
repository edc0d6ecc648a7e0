/** The recommendation subgraph over its ports: schema, context, and the readers that keep it informed. */
import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import type { Reader } from '../../platform/ports/event-log.ts';
import type { Ports, Subgraph } from '../../platform/subgraph.ts';
import { CachedProfiles } from './cached-profiles.ts';
import { followCatalogue } from './catalogue-view.ts';
import type { RecommendationContext } from './context.ts';
import { Catalogue } from './domain/catalogue.ts';
import { CoOccurrence } from './domain/co-occurrence.ts';
import { Popularity } from './domain/popularity.ts';
import type { Weights } from './domain/scoring.ts';
import { Snapshots } from './domain/snapshot.ts';
import { startLearning } from './learning.ts';
import { createLoaders } from './loaders.ts';
import type { ReasonWriter } from './models/reason-writer.ts';
import type { TextEmbedder } from './models/text-embedder.ts';
import { TitleVectors } from './models/title-vectors.ts';
import { type Count, followPlays } from './popularity-view.ts';
import { openProfiles } from './profiles.ts';
import { RecommendationService } from './recommendation-service.ts';
import { resolvers } from './resolvers.ts';

const SDL = new URL('../../schema/recommendation.graphql', import.meta.url);

export interface RecommendationOptions {
  /** Of the parts of a score; default: .40, .35, .25. */
  readonly weights?: Weights;
  /** Default: asks nobody. */
  readonly writer?: ReasonWriter;
  /** Default: likeness is by words. */
  readonly embedder?: TextEmbedder;
  /** What learns; default: this thread. Null: nobody here; it starts once it has counted what everybody watches. */
  readonly learning?: ((ports: Ports) => Promise<Reader>) | null;
}

export function createRecommendationSubgraph(
  given: Ports,
  { weights, writer, embedder, learning = startLearning }: RecommendationOptions = {},
): Subgraph {
  const { log, store, clock, logger } = given;
  const catalogue = new Catalogue();
  const popularity = new Popularity();
  const coOccurrence = new CoOccurrence();
  const snapshots = new Snapshots(catalogue, popularity, coOccurrence);
  const profiles = new CachedProfiles(openProfiles(store));
  const titleVectors = embedder && new TitleVectors(embedder, logger);
  const ports = { log, clock, profiles, catalogue, snapshots, weights, writer, titleVectors };
  const service = new RecommendationService(ports);
  const count: Count = (interaction, genres, zone) => {
    popularity.add(interaction, genres, zone);
    coOccurrence.fold(interaction);
  };
  const readers: Reader[] = [];

  return {
    name: 'recommendation',
    schema: buildSubgraphSchema([{ typeDefs: parse(readFileSync(SDL, 'utf8')), resolvers }]),
    createContext: (identity): RecommendationContext => ({ identity, service, loaders: createLoaders(profiles) }),
    async start() {
      readers.push(await followCatalogue(log, catalogue, logger), await profiles.follow(log));
      const plays = await followPlays(log, catalogue, clock, count);
      readers.push(plays);
      if (learning === null) await plays.caughtUp;
      else readers.push(await learning(given));
      snapshots.at(clock.now()); // the first request must not pay for the index
    },
    async stop() {
      await Promise.all(readers.splice(0).map((reader) => reader.close()));
      await titleVectors?.close();
    },
  };
}
