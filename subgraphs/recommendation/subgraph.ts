/** The recommendation subgraph over its ports: schema, context, and the readers that keep it informed. */
import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { consumeValidated } from '../../platform/dead-letters.ts';
import type { Reader } from '../../platform/ports/event-log.ts';
import type { Ports, Subgraph } from '../../platform/subgraph.ts';
import { USER_EVENTS } from '../../schema/events/topics.ts';
import { BatchPace } from './batch-pace.ts';
import { followCatalogue } from './catalogue-view.ts';
import type { RecommendationContext } from './context.ts';
import { Catalogue } from './domain/catalogue.ts';
import { CoOccurrence } from './domain/co-occurrence.ts';
import { Popularity } from './domain/popularity.ts';
import { Snapshots } from './domain/snapshot.ts';
import { Learner } from './learner.ts';
import { countingRefusals } from './learning-metrics.ts';
import { createLoaders } from './loaders.ts';
import { type Counted, PopularityView } from './popularity-view.ts';
import { openProfiles } from './profiles.ts';
import { RecommendationService } from './recommendation-service.ts';
import { resolvers } from './resolvers.ts';
import { readInteraction } from './user-events.ts';

/** A user's profile is written once per batch; a batch is no larger than what has come meanwhile. */
const MAX_BATCH = 10_000;
const SDL = new URL('../../schema/recommendation.graphql', import.meta.url);

export interface RecommendationOptions {
  /** False: answers from what others have learned, and takes no part in learning; it starts once popularity is counted. */
  readonly learns: boolean;
}

export function createRecommendationSubgraph(
  { log, store, clock, logger }: Ports,
  { learns }: RecommendationOptions = { learns: true },
): Subgraph {
  const catalogue = new Catalogue();
  const popularity = new Popularity();
  const coOccurrence = new CoOccurrence();
  const snapshots = new Snapshots(catalogue, popularity, coOccurrence);
  const profiles = openProfiles(store);
  const counted: Counted = {
    add(interaction, genres, zone) {
      popularity.add(interaction, genres, zone);
      coOccurrence.fold(interaction);
    },
  };
  const view = new PopularityView(counted, catalogue, clock);
  const learner = new Learner(log, clock, profiles, catalogue);
  const service = new RecommendationService({ log, clock, profiles, catalogue, snapshots });
  const pace = new BatchPace();
  const readers: Reader[] = [];

  return {
    name: 'recommendation',
    schema: buildSubgraphSchema([{ typeDefs: parse(readFileSync(SDL, 'utf8')), resolvers }]),
    createContext: (identity): RecommendationContext => ({ identity, service, loaders: createLoaders(profiles) }),
    async start() {
      readers.push(await followCatalogue(log, catalogue, logger));
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
            group: 'recommendation.learn',
            maxBatch: MAX_BATCH,
            schema: { parse: (json) => readInteraction(json, catalogue, clock.now()) },
          },
          (batch) =>
            pace.run(batch[0]?.logged.partition ?? 0, batch.length, () =>
              view.countAfter(batch, () => learner.learn(batch)),
            ),
        ),
      );
      readers.push(view.followWhenIdle(log, logger));
      snapshots.at(clock.now()); // the first request must not pay for the index
    },
    async stop() {
      await Promise.all(readers.splice(0).map((reader) => reader.close()));
    },
  };
}
