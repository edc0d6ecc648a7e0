/** Keeps a catalogue in memory from the compacted topic `content_changes`: how this subgraph knows titles without asking content. */
import type { Logger } from 'pino';
import type { EventLog, LoggedEvent, TailReader } from '../../platform/ports/event-log.ts';
import type { ContentChange } from '../../schema/events/content-change.ts';
import { CONTENT_CHANGES } from '../../schema/events/topics.ts';
import type { Catalogue } from './domain/catalogue.ts';

/** Resolves once the catalogue holds all that was in the topic; follows it until the reader is closed. */
export async function followCatalogue(log: EventLog, catalogue: Catalogue, logger: Logger): Promise<TailReader> {
  const reader = await log.tail({ topic: CONTENT_CHANGES.name, from: 'start' }, (event) => {
    try {
      apply(catalogue, event);
    } catch (error) {
      logger.error({ err: error, partition: event.partition, offset: event.offset }, 'unreadable content change');
    }
  });
  await reader.caughtUp;
  return reader;
}

/** A tombstone says no more than REMOVED did. */
function apply(catalogue: Catalogue, { key, value }: LoggedEvent): void {
  if (value === null) {
    if (key !== null) catalogue.remove(key);
    return;
  }
  const change = JSON.parse(value.toString()) as ContentChange;
  if (change.kind === 'REMOVED' || change.work === null) catalogue.remove(change.contentId, change.mergedInto);
  else catalogue.put(change.work);
}
