/** The recommendation subgraph over its ports: schema, context, and the readers that keep it informed. */
import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { consumeValidated } from '../../platform/dead-letters.ts';
import type { Reader } from '../../platform/ports/event-log.ts';
import type { Ports, Subgraph } from '../../platform/subgraph.ts';
import { USER_EVENTS } from '../../schema/events/topics.ts';
import { BatchPace } from './batch-pace.ts';
import { CachedProfiles } from './cached-profiles.ts';
import { followCatalogue } from './catalogue-view.ts';
import type { RecommendationContext } from './context.ts';
import { Catalogue } from './domain/catalogue.ts';
import { CoOccurrence } from './domain/co-occurrence.ts';
import { Popularity } from './domain/popularity.ts';
import type { Weights } from './domain/scoring.ts';
import { Snapshots } from './domain/snapshot.ts';
import { Learner } from './learner.ts';
import { countingRefusals, observeLag } from './learning-metrics.ts';
import { createLoaders } from './loaders.ts';
import type { ReasonWriter } from './models/reason-writer.ts';
import type { TextEmbedder } from './models/text-embedder.ts';
import { TitleVectors } from './models/title-vectors.ts';
import { type Counted, PopularityView } from './popularity-view.ts';
import { openProfiles } from './profiles.ts';
import { RecommendationService } from './recommendation-service.ts';
import { resolvers } from './resolvers.ts';
import { readInteraction } from './user-events.ts';

/** A user's profile is written once per batch: what a backlog costs falls with its size. Requests are served in between. */
const MAX_BATCH = 5_000;
/** Shares the partitions of `user_events` among all processes that learn. */
const GROUP = 'recommendation.learn';
const SDL = new URL('../../schema/recommendation.graphql', import.meta.url);

export interface RecommendationOptions {
  /** Of the parts of a score; default: .40, .35, .25. */
  readonly weights?: Weights;
  /** Default: asks nobody. */
  readonly writer?: ReasonWriter;
  /** Default: likeness is by words. */
  readonly embedder?: TextEmbedder;
  /** Default true. False: answers from what others have learned, and takes no part in learning; it starts once popularity is counted. */
  readonly learns?: boolean;
}

export function createRecommendationSubgraph(
  { log, store, clock, logger }: Ports,
  { weights, writer, embedder, learns = true }: RecommendationOptions = {},
): Subgraph {
  const catalogue = new Catalogue();
  const popularity = new Popularity();
  const coOccurrence = new CoOccurrence();
  const snapshots = new Snapshots(catalogue, popularity, coOccurrence);
  const cached = new CachedProfiles(openProfiles(store));
  const profiles = cached.writing;
  const counted: Counted = {
    add(interaction, genres, zone) {
      popularity.add(interaction, genres, zone);
      coOccurrence.fold(interaction);
    },
  };
  const view = new PopularityView(counted, catalogue, clock);
  const learner = new Learner(log, clock, profiles, catalogue);
  const titleVectors = embedder && new TitleVectors(embedder, logger);
  const ports = { log, clock, profiles, catalogue, snapshots, weights, writer, titleVectors };
  const service = new RecommendationService(ports);
  const pace = new BatchPace();
  const readers: Reader[] = [];

  return {
    name: 'recommendation',
    schema: buildSubgraphSchema([{ typeDefs: parse(readFileSync(SDL, 'utf8')), resolvers }]),
    createContext: (identity): RecommendationContext => ({ identity, service, loaders: createLoaders(cached) }),
    async start() {
      readers.push(await followCatalogue(log, catalogue, logger), await cached.follow(log));
      if (!learns) {
        const tail = await view.follow(log);
        readers.push(tail);
        await tail.caughtUp;
        return;
      }
      readers.push(
        await consumeValidated(
          {
            log: countingRefusals(log),
            logger,
            topic: USER_EVENTS.name,
            group: GROUP,
            maxBatch: MAX_BATCH,
            schema: { parse: (json) => readInteraction(json, catalogue, clock.now()) },
          },
          (batch) =>
            pace.run(batch[0]?.logged.partition ?? 0, batch.length, () =>
              view.countAfter(batch, () => learner.learn(batch)),
            ),
        ),
      );
      readers.push(view.followAfter(GROUP, log, logger), observeLag(log, GROUP));
      snapshots.at(clock.now()); // the first request must not pay for the index
    },
    async stop() {
      await Promise.all(readers.splice(0).map((reader) => reader.close()));
      await titleVectors?.close();
    },
  };
}
