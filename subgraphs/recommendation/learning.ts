/**
 * Learning, apart from answering: from `user_events` into profiles and interactions in the store. Where it runs is not its
 * business: all that learn, in this thread, in threads beside it or in other processes, share the topic's partitions.
 */
import { consumeValidated } from '../../platform/dead-letters.ts';
import type { EventLog, Reader } from '../../platform/ports/event-log.ts';
import type { Ports } from '../../platform/subgraph.ts';
import { USER_EVENTS } from '../../schema/events/topics.ts';
import { BatchPace } from './batch-pace.ts';
import { followCatalogue } from './catalogue-view.ts';
import { Catalogue } from './domain/catalogue.ts';
import { Learner } from './learner.ts';
import { countingRefusals, observeLag } from './learning-metrics.ts';
import { openProfiles } from './profiles.ts';
import { readInteraction } from './user-events.ts';

/** A user's profile is written once per batch: what a backlog costs falls with its size. */
const MAX_BATCH = 10_000;
const GROUP = 'recommendation.learn';

/** Resolves when it takes part. Ends with the batch in hand. @throws AppError UNAVAILABLE */
export async function startLearning({ log, store, clock, logger }: Ports): Promise<Reader> {
  const catalogue = new Catalogue();
  const learner = new Learner(log, clock, openProfiles(store), catalogue);
  const readers: Reader[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(readers.splice(0).map((reader) => reader.close()));
  };
  try {
    readers.push(await followCatalogue(log, catalogue, logger));
    readers.push(
      await consumeValidated(
        {
          log: paced(countingRefusals(log)),
          logger,
          topic: USER_EVENTS.name,
          group: GROUP,
          maxBatch: MAX_BATCH,
          schema: { parse: (json) => readInteraction(json, catalogue, clock.now()) },
        },
        (batch) => learner.learn(batch),
      ),
      observeLag(log, GROUP),
    );
  } catch (error) {
    await close();
    throw error;
  }
  return { close };
}

/** Batches wait before anything is made of them. */
function paced(log: EventLog): EventLog {
  const pace = new BatchPace();
  return {
    ...log,
    consume: (options, handler) =>
      log.consume(options, (batch) => pace.run(batch[0]?.partition ?? 0, batch.length, () => handler(batch))),
  };
}
