/** Takes part in the group `content.sync`: events in, catalogue out; events that are not of their shape go to the dead letters. */
import { consumeValidated } from '../../platform/dead-letters.ts';
import type { Reader } from '../../platform/ports/event-log.ts';
import type { Ports } from '../../platform/subgraph.ts';
import { contentSyncEvent } from '../../schema/events/content-sync.ts';
import { CONTENT_SYNC } from '../../schema/events/topics.ts';
import { CatalogueSync } from './catalogue-sync.ts';

export const SYNC_GROUP = 'content.sync';

/** Folds `content_sync` into the catalogue until it is closed; any number of processes may, one at a time will. */
export function startSync(ports: Ports): Promise<Reader> {
  const { log, logger } = ports;
  const sync = new CatalogueSync(ports);
  const options = { log, logger, schema: contentSyncEvent, topic: CONTENT_SYNC.name, group: SYNC_GROUP };
  return consumeValidated(options, (events) => sync.fold(events));
}
