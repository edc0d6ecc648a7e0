/** Takes part in the group `content.sync`: events in, catalogue out; events that are not of their shape go to the dead letters. */
import { consumeValidated } from '../../platform/dead-letters.ts';
import type { Reader } from '../../platform/ports/event-log.ts';
import type { Ports } from '../../platform/subgraph.ts';
import { CONTENT_SYNC } from '../../schema/events/topics.ts';
import { CatalogueSync } from './catalogue-sync.ts';
import { type CatalogueEvent, catalogueEvent } from './decision-event.ts';

export const SYNC_GROUP = 'content.sync';

/**
 * Folds `content_sync` into the catalogue until it is closed; any number of processes may, one at a time will. Resolves before
 * the matching index is built, for which the first event waits.
 */
export async function startSync(ports: Ports): Promise<Reader> {
  const { log, logger } = ports;
  const sync = new CatalogueSync(ports);
  const prepared = prepare(sync, ports);
  const options = { log, logger, schema: catalogueEvent, topic: CONTENT_SYNC.name, group: SYNC_GROUP };
  const reader = await consumeValidated<CatalogueEvent>(options, async (events) => {
    await prepared;
    await sync.fold(events);
  });
  return {
    async close() {
      await reader.close();
      await prepared;
    },
  };
}

/** Never fails: what cannot be built now is built by the first event, which comes again until it can. */
async function prepare(sync: CatalogueSync, { log, logger }: Ports): Promise<void> {
  try {
    const [partition] = await log.progress(SYNC_GROUP, CONTENT_SYNC.name);
    await sync.prepare(partition?.committed ?? 0);
  } catch (error) {
    logger.warn({ err: error }, 'the matching index could not be built ahead');
  }
}
