/**
 * `content_sync` to catalogue: one event after another finds its work, and every work that changed is told on
 * `content_changes`. One writer: the topic has one partition. Crash-safe: records are stored, then works, then the change is
 * published, then the batch is committed; what was cut short is done again by the redelivery, with the same ids.
 */
import type { Logger } from 'pino';
import type { ValidatedEvent } from '../../platform/dead-letters.ts';
import type { Ports } from '../../platform/subgraph.ts';
import { type ContentSyncEvent, type SourceRecord, sourceRecord, syncKey } from '../../schema/events/content-sync.ts';
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
  type WorkDocument,
} from './content-collections.ts';
import { MatchIndex } from './domain/match-index.ts';
import { featuresOf } from './domain/matching.ts';
import { changeOf, nextWork, type PlacedRecord, type Work } from './domain/work.ts';
import { place } from './placing.ts';

/** What one event made of its record. */
interface Step {
  readonly key: string;
  readonly before: SourceDocument | null;
  readonly after: SourceDocument;
}

/** Records of one work, by key. */
type Members = Map<string, SourceDocument>;

interface Touched {
  readonly steps: readonly Step[];
  /** The records as they are after the batch. */
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
    const steps: Step[] = [];
    const touched: Touched = { known, steps, sources: new Map(), workIds: new Set(), unsure: new Set() };
    const at = this.#ports.clock.now();
    for (const { logged, event } of batch) {
      const key = syncKey(event.platform, event.platformId);
      const outcome = place(event, logged.offset, touched.sources.get(key) ?? known.get(key) ?? null, index, at);
      if (outcome.kind === 'ignored') continue;
      const works = [outcome.source.workId, outcome.source.previousWorkId].filter((id) => id !== null);
      for (const id of works) touched.workIds.add(id);
      if (outcome.kind === 'redelivered') {
        for (const id of works) touched.unsure.add(id);
      } else {
        touched.sources.set(key, outcome.source);
        steps.push({ key, before: outcome.before, after: outcome.source });
      }
    }
    return touched;
  }

  /**
   * Makes the touched works anew, event by event, and stores those that differ at the end; returns those to be told. Event by
   * event, so that works and their versions do not depend on where a batch ends: a replay comes to the same.
   */
  async #updateWorks(touched: Touched, index: MatchIndex): Promise<Work[]> {
    const { workIds, unsure } = touched;
    const stored = await findByIds(this.#collections.works, workIds);
    const works = new Map<string, Work>();
    for (const [id, document] of stored) {
      const work = toWork(document);
      const isTold = !unsure.has(id) && !hasComeAndGone(work);
      works.set(id, isTold ? { ...work, toldVersion: work.version } : work);
    }
    const members = await this.#membersBefore(touched, index);
    const at = this.#ports.clock.now();
    const renew = (id: string, left: SourceRecord | null): void => {
      const placed = [...(members.get(id)?.values() ?? [])].flatMap(placedRecord);
      const work = nextWork(id, works.get(id) ?? null, placed, left, at);
      if (work) works.set(id, work);
    };
    for (const { key, before, after } of touched.steps) {
      const from = before?.record ? before.workId : null;
      const to = after.record ? after.workId : null;
      if (to !== null) members.get(to)?.set(key, after);
      if (from !== null && from !== to) {
        members.get(from)?.delete(key);
        renew(from, before?.record ?? null);
      }
      if (to !== null) renew(to, null);
    }
    for (const id of unsure) renew(id, null);
    return this.#save(works, stored, unsure, index);
  }

  /** The records of every touched work as they were before the batch. */
  async #membersBefore({ known, sources, workIds }: Touched, index: MatchIndex): Promise<Map<string, Members>> {
    const members = new Map([...workIds].map((id): [string, Members] => [id, new Map()]));
    const untouched = [...workIds].flatMap((id) => index.membersOf(id)).filter((key) => !sources.has(key));
    const loaded = await findByIds(this.#collections.sources, new Set(untouched));
    const batched = [...sources.keys()].flatMap((key) => known.get(key) ?? []);
    for (const source of [...loaded.values(), ...batched]) {
      if (source.record && source.workId !== null) members.get(source.workId)?.set(source._id, source);
    }
    return members;
  }

  async #save(
    works: ReadonlyMap<string, Work>,
    stored: ReadonlyMap<string, WorkDocument>,
    unsure: ReadonlySet<string>,
    index: MatchIndex,
  ): Promise<Work[]> {
    const changed: Work[] = [];
    const told: Work[] = [];
    for (const [id, now] of works) {
      const before = stored.get(id);
      if (unsure.has(id)) markRemoved(index, now);
      const isNews = now.version !== before?.version;
      if (isNews || JSON.stringify(now.offers) !== JSON.stringify(before?.offers)) changed.push(now);
      if ((isNews || unsure.has(id)) && !hasComeAndGone(now)) told.push(now);
    }
    await saveAll(this.#collections.works, changed.map(toWorkDocument), stored);
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
    // In the order of their events, as a process that has been there all the time has them.
    const found = this.#collections.sources.find(missed, { sort: { offset: 1 } });
    for await (const { _id, record, workId } of found) {
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

/** Within one batch: nobody needs to hear of it. */
const hasComeAndGone = ({ isRemoved, toldVersion }: Work): boolean => isRemoved && toldVersion === 0;

function markRemoved(index: MatchIndex, work: Work): void {
  if (!work.isRemoved) {
    index.forget(work.id);
    return;
  }
  const type = work.type === 'MOVIE' ? 'movie' : 'series';
  index.remember(work.id, featuresOf(work.lastRecord ?? sourceRecord.parse({ ...work, type, addedAt: null })));
}

function placedRecord(source: SourceDocument): PlacedRecord[] {
  if (!source.record) return [];
  const { platform, platformId, record, seenAt } = source;
  return [{ platform, platformId, record, seenAt }];
}
