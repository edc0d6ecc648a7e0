/**
 * `content_sync` to catalogue: one event after another finds its work, and every work that changed is told on
 * `content_changes`. One writer: the topic has one partition. Crash-safe: records are stored, then works, then the change is
 * published, then the batch is committed; what was cut short is done again by the redelivery, with the same ids.
 */
import type { Logger } from 'pino';
import type { ValidatedEvent } from '../../platform/dead-letters.ts';
import type { Ports } from '../../platform/subgraph.ts';
import { type ContentSyncEvent, sourceRecord, syncKey } from '../../schema/events/content-sync.ts';
import { toMessage } from '../../schema/events/envelope.ts';
import { CONTENT_CHANGES } from '../../schema/events/topics.ts';
import {
  type ContentCollections,
  contentCollections,
  findByIds,
  type SourceDocument,
  saveAll,
  toWork,
  toWorkDocument,
} from './content-collections.ts';
import { MatchIndex } from './domain/match-index.ts';
import { featuresOf } from './domain/matching.ts';
import { changeOf, contentOf, isSameContent, type PlacedRecord, type Work } from './domain/work.ts';
import { place } from './placing.ts';

interface Touched {
  readonly sources: Map<string, SourceDocument>;
  /** What the store has under the batch's keys. */
  readonly known: ReadonlyMap<string, SourceDocument>;
  readonly workIds: Set<string>;
  /** Works whose change may have been stored but not published. */
  readonly unsure: Set<string>;
}

export class CatalogueSync {
  readonly #ports: Ports;
  readonly #collections: ContentCollections;
  readonly #logger: Logger;
  /** Null: not to be trusted; it is built from the store before it is next used. */
  #index: MatchIndex | null = null;
  #nextOffset = -1;

  constructor(ports: Ports) {
    this.#ports = ports;
    this.#collections = contentCollections(ports.store);
    this.#logger = ports.logger.child({ component: 'content.sync' });
  }

  /** Folds one batch in. Idempotent: the same events again change nothing, but may publish a change again under its id. */
  async fold(batch: readonly ValidatedEvent<ContentSyncEvent>[]): Promise<void> {
    const first = batch[0]?.logged.offset;
    const last = batch.at(-1)?.logged.offset;
    if (first === undefined || last === undefined) return;
    const index = await this.#indexAt(first);
    this.#index = null; // until all is stored: what fails half-way must not be remembered
    const touched = await this.#placeAll(batch, index);
    await saveAll(this.#collections.sources, [...touched.sources.values()], touched.known);
    const changed = await this.#updateWorks(touched, index);
    await this.#publish(changed);
    this.#index = index;
    this.#nextOffset = last + 1;
  }

  async #placeAll(batch: readonly ValidatedEvent<ContentSyncEvent>[], index: MatchIndex): Promise<Touched> {
    const keys = new Set(batch.map(({ event }) => syncKey(event.platform, event.platformId)));
    const known = await findByIds(this.#collections.sources, keys);
    const touched: Touched = { known, sources: new Map(), workIds: new Set(), unsure: new Set() };
    const at = this.#ports.clock.now();
    for (const { logged, event } of batch) {
      const key = syncKey(event.platform, event.platformId);
      const outcome = place(event, logged.offset, touched.sources.get(key) ?? known.get(key) ?? null, index, at);
      if (outcome.kind === 'ignored') continue;
      const works = [outcome.source.workId, outcome.source.previousWorkId].filter((id) => id !== null);
      for (const id of works) touched.workIds.add(id);
      if (outcome.kind === 'redelivered') for (const id of works) touched.unsure.add(id);
      else touched.sources.set(key, outcome.source);
    }
    return touched;
  }

  /** Makes the touched works anew from their records and stores those that differ; returns those to be told. */
  async #updateWorks({ sources, workIds, unsure }: Touched, index: MatchIndex): Promise<Work[]> {
    const memberKeys = new Set([...workIds].flatMap((id) => index.membersOf(id)));
    const missing = [...memberKeys].filter((key) => !sources.has(key));
    const members = new Map([...(await findByIds(this.#collections.sources, missing)), ...sources]);
    const known = await findByIds(this.#collections.works, workIds);
    const stored: Work[] = [];
    const told: Work[] = [];
    for (const id of workIds) {
      const before = known.get(id);
      const placed = index.membersOf(id).flatMap((key) => placedRecord(members.get(key)));
      const now = nextWork(id, before ? toWork(before) : null, placed, this.#ports.clock.now());
      if (!now) continue;
      markRemoved(index, now);
      if (before && now.version === before.version && JSON.stringify(now.offers) === JSON.stringify(before.offers)) {
        if (unsure.has(id)) told.push(now);
        continue;
      }
      stored.push(now);
      if (now.version !== before?.version || unsure.has(id)) told.push(now);
    }
    await saveAll(this.#collections.works, stored.map(toWorkDocument), known);
    return told;
  }

  async #publish(works: readonly Work[]): Promise<void> {
    if (works.length === 0) return;
    await this.#ports.log.publish(
      CONTENT_CHANGES.name,
      works.map((work) => {
        const head = { source: '/content', type: 'content.work.changed', timeMs: work.updatedAt };
        return toMessage({ ...head, id: `${work.id}:${work.version}` }, work.id, changeOf(work));
      }),
    );
  }

  /** The index as it must be before the event at this offset: other processes may have placed records meanwhile. */
  async #indexAt(offset: number): Promise<MatchIndex> {
    if (this.#index && offset === this.#nextOffset) return this.#index;
    const startedAt = performance.now();
    const goesOn = this.#index && offset > this.#nextOffset ? this.#index : null;
    const index = goesOn ?? new MatchIndex();
    const missed = goesOn ? { offset: { $gte: this.#nextOffset } } : { state: 'live' as const };
    for await (const { _id, record, workId } of this.#collections.sources.find(missed)) {
      if (record && workId) {
        index.forget(workId);
        index.add(_id, featuresOf(record), workId);
      } else {
        index.remove(_id);
      }
    }
    for await (const work of this.#collections.works.find({ isRemoved: true })) markRemoved(index, toWork(work));
    const ms = Math.round(performance.now() - startedAt);
    this.#logger.debug({ records: index.size, ms, fresh: !goesOn }, 'matching index brought up to date');
    return index;
  }
}

/** The work as its records tell it now; the same version where nothing changed; null where there was nothing and is nothing. */
function nextWork(id: string, before: Work | null, placed: readonly PlacedRecord[], at: number): Work | null {
  if (placed.length === 0) {
    if (!before || before.isRemoved) return before;
    return { ...before, isRemoved: true, version: before.version + 1, updatedAt: at };
  }
  const content = contentOf(placed);
  if (!before) return { id, ...content, isRemoved: false, version: 1, updatedAt: at };
  if (!before.isRemoved && isSameContent(before, content)) return { ...before, offers: content.offers };
  return { ...before, ...content, isRemoved: false, version: before.version + 1, updatedAt: at };
}

function markRemoved(index: MatchIndex, work: Work): void {
  if (!work.isRemoved) {
    index.forget(work.id);
    return;
  }
  const type = work.type === 'MOVIE' ? 'movie' : 'series';
  const record = sourceRecord.parse({ ...work, type, addedAt: null });
  index.remember(work.id, featuresOf(record));
}

function placedRecord(source: SourceDocument | undefined): PlacedRecord[] {
  if (!source?.record) return [];
  const { platform, platformId, record, seenAt } = source;
  return [{ platform, platformId, record, seenAt }];
}
