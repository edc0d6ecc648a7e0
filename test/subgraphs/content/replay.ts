/** Folds all that is in a `content_sync` topic into another, empty catalogue. */
import type { ValidatedEvent } from '../../../platform/dead-letters.ts';
import type { EventLog } from '../../../platform/ports/event-log.ts';
import { CONTENT_SYNC } from '../../../schema/events/topics.ts';
import { CatalogueSync } from '../../../subgraphs/content/catalogue-sync.ts';
import { contentCollections } from '../../../subgraphs/content/content-collections.ts';
import { type CatalogueEvent, catalogueEvent } from '../../../subgraphs/content/decision-event.ts';
import { openTestPorts, type TestPorts } from '../../support/ports.ts';

/** In batches of the sizes given, over and over; a batch of 0 is a process that dies and another that takes over. */
export async function replayed(log: EventLog, batchSizes: readonly number[]): Promise<unknown> {
  const copy = await openTestPorts();
  try {
    let sync = new CatalogueSync(copy);
    const events: ValidatedEvent<CatalogueEvent>[] = [];
    for await (const logged of log.read({ topic: CONTENT_SYNC.name, partition: 0, fromOffset: 0 })) {
      events.push({ logged, event: catalogueEvent.parse(JSON.parse(String(logged.value))) });
    }
    for (let at = 0, turn = 0; at < events.length; turn += 1) {
      const size = batchSizes[turn % batchSizes.length] ?? 1;
      if (size === 0) sync = new CatalogueSync(copy);
      else await sync.fold(events.slice(at, at + size));
      at += size;
    }
    return await catalogueOf(copy);
  } finally {
    await copy.close();
  }
}

/** Works and where every record is, but for the times of folding. */
export async function catalogueOf({ store }: Pick<TestPorts, 'store'>): Promise<unknown> {
  const { works, sources, redirects, decisions } = contentCollections(store);
  const found = await works.find({}, { sort: { _id: 1 } }).toArray();
  const records = await sources.find({}, { sort: { _id: 1 } }).toArray();
  const merged = await redirects.find({}, { sort: { _id: 1 } }).toArray();
  const decided = await decisions.find({}, { sort: { _id: 1 } }).toArray();
  return {
    redirects: merged.map(({ at: _, ...redirect }) => redirect),
    decisions: decided.map(({ at: _, ...decision }) => decision),
    works: found.map(({ updatedAt: _, toldVersion: __, offers, ...work }) => ({
      ...work,
      offers: offers.map(({ lastSeenAt: ___, ...offer }) => offer),
    })),
    records: records.map(({ seenAt: _, snapshotAt: __, changedAt: ___, ...source }) => source),
  };
}
