/** A catalogue folded by hand, without a log of its own: a test says which events come together, and looks at what is stored. */
import type { ValidatedEvent } from '../../../platform/dead-letters.ts';
import type { ContentChange } from '../../../schema/events/content-change.ts';
import { syncKey } from '../../../schema/events/content-sync.ts';
import { CONTENT_CHANGES, CONTENT_SYNC } from '../../../schema/events/topics.ts';
import { CatalogueSync } from '../../../subgraphs/content/catalogue-sync.ts';
import {
  contentCollections,
  type SourceDocument,
  type WorkDocument,
} from '../../../subgraphs/content/content-collections.ts';
import type { CatalogueEvent, DecisionEvent } from '../../../subgraphs/content/decision-event.ts';
import type { TestPorts } from '../../support/ports.ts';
import { idOf, type RecordKey } from './records.ts';

export interface ToldChange {
  readonly id: string | undefined;
  readonly kind: ContentChange['kind'];
  readonly change: ContentChange;
}

export class Folding {
  readonly ports: TestPorts;
  #sync: CatalogueSync;
  #offset = 0;

  constructor(ports: TestPorts) {
    this.ports = ports;
    this.#sync = new CatalogueSync(ports);
  }

  /** The next events of the topic, as one batch. */
  batchOf(...events: readonly CatalogueEvent[]): ValidatedEvent<CatalogueEvent>[] {
    return events.map((event) => ({ event, logged: this.#logged(event) }));
  }

  fold(...events: readonly CatalogueEvent[]): Promise<void> {
    return this.#sync.fold(this.batchOf(...events));
  }

  /** Another process takes over: it knows what is stored, and nothing else. */
  restart(): void {
    this.#sync = new CatalogueSync(this.ports);
  }

  works(): Promise<WorkDocument[]> {
    return contentCollections(this.ports.store).works.find({}).toArray();
  }

  work(id: string | null | undefined): Promise<WorkDocument | null> {
    return contentCollections(this.ports.store).works.findOne({ _id: id ?? '' });
  }

  source(key: string): Promise<SourceDocument | null> {
    return contentCollections(this.ports.store).sources.findOne({ _id: key });
  }

  /** The id under which a record's work is shown. */
  async workIdOf(key: RecordKey): Promise<string | undefined> {
    const work = await this.work((await this.source(key))?.workId);
    return work?.mergedInto ?? work?._id;
  }

  async changes(): Promise<ToldChange[]> {
    const found: ToldChange[] = [];
    const topic = CONTENT_CHANGES.name;
    for (let partition = 0; partition < CONTENT_CHANGES.partitions; partition += 1) {
      for await (const { value, headers } of this.ports.log.read({ topic, partition, fromOffset: 0 })) {
        const change = JSON.parse(value?.toString() ?? '') as ContentChange;
        found.push({ id: headers['ce_id'], kind: change.kind, change });
      }
    }
    return found;
  }

  #logged(event: CatalogueEvent): ValidatedEvent<CatalogueEvent>['logged'] {
    const key = syncKey(event.platform, event.platformId);
    const place = { topic: CONTENT_SYNC.name, partition: 0, offset: this.#offset++ };
    return { ...place, key, value: null, headers: {}, timestamp: 0 };
  }
}

let decisions = 0;

export const split = (key: RecordKey): DecisionEvent => ({ ...idOf(key), op: 'split', decisionId: `d${decisions++}` });

export const link = (key: RecordKey, other: RecordKey): DecisionEvent => ({
  ...idOf(key),
  ...{ op: 'link', decisionId: `d${decisions++}`, with: idOf(other) },
});
