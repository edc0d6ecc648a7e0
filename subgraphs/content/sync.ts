/** Takes part in the group `content.sync`: events in, catalogue out; events that are not of their shape go to the dead letters. */
import type { LoggedEvent, NewEvent, Reader } from '../../platform/ports/event-log.ts';
import type { Ports } from '../../platform/subgraph.ts';
import { contentSyncEvent } from '../../schema/events/content-sync.ts';
import { CONTENT_SYNC, deadLettersOf } from '../../schema/events/topics.ts';
import { CatalogueSync, type SyncedEvent } from './catalogue-sync.ts';

export const SYNC_GROUP = 'content.sync';

/** Folds `content_sync` into the catalogue until it is closed; any number of processes may, one at a time will. */
export async function startSync(ports: Ports): Promise<Reader> {
  const sync = new CatalogueSync(ports);
  return ports.log.consume({ topic: CONTENT_SYNC.name, group: SYNC_GROUP }, async (batch) => {
    const valid: SyncedEvent[] = [];
    const invalid: NewEvent[] = [];
    for (const logged of batch) {
      const event = parse(logged);
      if (event.success) valid.push({ logged, event: event.data });
      else invalid.push(deadLetter(logged, event.error.issues[0]?.message ?? 'not of its published shape'));
    }
    if (invalid.length > 0) await ports.log.publish(deadLettersOf(CONTENT_SYNC.name), invalid);
    await sync.fold(valid);
  });
}

function parse({ value }: LoggedEvent): ReturnType<typeof contentSyncEvent.safeParse> {
  let json: unknown = null;
  try {
    json = JSON.parse(value?.toString('utf8') ?? 'null');
  } catch {
    // Not JSON: null is not of the shape either, and is refused for that.
  }
  return contentSyncEvent.safeParse(json);
}

const deadLetter = ({ topic, partition, offset, key, value }: LoggedEvent, reason: string): NewEvent => ({
  key: key ?? '',
  value,
  headers: { reason, 'source-topic': topic, 'source-partition': String(partition), 'source-offset': String(offset) },
});
