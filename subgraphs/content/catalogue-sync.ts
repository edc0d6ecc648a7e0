/**
 * `content_sync` to catalogue: one event after another finds its work, and every work that changed is told on
 * `content_changes`. One writer: the topic has one partition. Crash-safe: records are stored, then works, then the change is
 * published, then the batch is committed; what was cut short is done again by the redelivery, with the same ids. So that it comes
 * to the same, a record is stored once per run of events and in their order: what is stored are always the first events of a run.
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
  placedRecord,
  type RedirectDocument,
  type SourceDocument,
  saveAll,
  toWork,
  toWorkDocument,
  type WorkDocument,
} from './content-collections.ts';
import { type CatalogueEvent, isDecision } from './decision-event.ts';
import { MatchIndex } from './domain/match-index.ts';
import { featuresOf } from './domain/matching.ts';
import { changeOf, nextWork, type Work } from './domain/work.ts';
import { otherWorkOf, place } from './placing.ts';
import { WorkJoins } from './work-joins.ts';

type Logged<T> = ValidatedEvent<T>;

/** What one event made of its record, and between which works it moved it; null: on none. */
interface Step {
  readonly before: SourceDocument | null;
  readonly after: SourceDocument;
  readonly from: string | null;
  readonly to: string | null;
}

/** Records of one work, by key. */
type Members = Map<string, SourceDocument>;

interface Touched {
  readonly steps: Step[];
  /** What the store has under the run's keys. */
  readonly known: ReadonlyMap<string, SourceDocument>;
  readonly workIds: Set<string>;
  /** Works whose change may have been stored but not published. */
  readonly unsure: Set<string>;
  /** The event that was looked at last. */
  lastOffset: number;
  /** How many events of the run are done. */
  count: number;
  /** The merge that the only one of them has begun. */
  merge: RedirectDocument | null;
}

export class CatalogueSync {
  readonly #ports: Ports;
  readonly #collections: ContentCollections;
  readonly #joins: WorkJoins;
  readonly #logger: Logger;
  /** Null: not to be trusted; it is built from the store before it is next used. */
  #index: MatchIndex | null = null;
  #nextOffset = -1;

  constructor(ports: Ports) {
    this.#ports = ports;
    this.#collections = contentCollections(ports.store);
    this.#joins = new WorkJoins(ports, this.#collections);
    this.#logger = ports.logger.child({ component: 'content.sync' });
  }

  /** Builds the index ahead of the event at this offset, which then need not wait for it. To be awaited before the first `fold`. */
  async prepare(nextOffset: number): Promise<void> {
    this.#index = await this.#indexAt(nextOffset);
    this.#nextOffset = nextOffset;
  }

  /** Folds one batch in. Idempotent: the same events again change nothing, but may publish a change again under its id. */
  async fold(batch: readonly Logged<CatalogueEvent>[]): Promise<void> {
    for (let done = 0; done < batch.length; ) done += await this.#foldSome(batch.slice(done));
  }

  /** Folds the first events in and gives their number: a decision, or a run of events of different records. */
  async #foldSome(batch: readonly Logged<CatalogueEvent>[]): Promise<number> {
    const [first] = batch;
    if (!first) return 0;
    const { offset } = first.logged;
    const index = await this.#indexAt(offset);
    this.#index = null; // until all is stored: what fails half-way must not be remembered
    let done = { count: 1, lastOffset: offset };
    if (isDecision(first.event)) {
      await this.#publish(await this.#joins.decide(first.event, offset, index));
    } else {
      const touched = await this.#placeAll(firstRun(batch), index);
      const sources = touched.steps.map(({ after }) => after);
      await saveAll(this.#collections.sources, sources, touched.known);
      await this.#publish(await this.#updateWorks(touched, index));
      if (touched.merge) await this.#publish(await this.#joins.finish(touched.merge, index));
      done = touched;
    }
    this.#index = index;
    this.#nextOffset = done.lastOffset + 1;
    return done.count;
  }

  /** Places a run's records, up to one that merges its work into another: that one is a run of its own. */
  async #placeAll(run: readonly Logged<ContentSyncEvent>[], index: MatchIndex): Promise<Touched> {
    const known = await findByIds(
      this.#collections.sources,
      run.map(({ event }) => keyOf(event)),
    );
    const touched: Touched = {
      ...{ known, steps: [], workIds: new Set(), unsure: new Set() },
      ...{ lastOffset: -1, count: 0, merge: null },
    };
    const at = this.#ports.clock.now();
    for (const { logged, event } of run) {
      const before = known.get(keyOf(event)) ?? null;
      const begun = this.#joins.begunAt(logged.offset);
      const other = begun ? null : otherWorkOf(event, before, index);
      const isMerge = begun !== null || other !== null;
      if (isMerge && touched.count > 0) break;
      if (begun) touched.merge = begun;
      else if (other && before?.workId) {
        touched.merge = await this.#joins.begin(before.workId, other, logged.offset, index);
      }
      this.#placeOne(event, logged.offset, before, at, index, touched);
      touched.count += 1;
      touched.lastOffset = logged.offset;
      if (isMerge) break;
    }
    return touched;
  }

  #placeOne(
    event: ContentSyncEvent,
    offset: number,
    before: SourceDocument | null,
    at: number,
    index: MatchIndex,
    { workIds, unsure, steps }: Touched,
  ): void {
    const outcome = place(event, offset, before, index, at);
    if (outcome.kind === 'ignored') return;
    const workOf = (id: string | null): string | null => (id === null ? null : index.resolve(id));
    const { source } = outcome;
    const works = [source.workId, source.previousWorkId].map(workOf).filter((id) => id !== null);
    for (const id of works) workIds.add(id);
    if (outcome.kind === 'redelivered') {
      for (const id of works) unsure.add(id);
    } else {
      const from = before?.record ? workOf(before.workId) : null;
      steps.push({ before, after: source, from, to: source.record ? workOf(source.workId) : null });
    }
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
      works.set(id, unsure.has(id) ? work : { ...work, toldVersion: work.version });
    }
    const members = await this.#membersBefore(touched, index);
    const at = this.#ports.clock.now();
    const renew = (id: string, left: SourceRecord | null): void => {
      const placed = [...(members.get(id)?.values() ?? [])].flatMap(placedRecord);
      const work = nextWork(id, works.get(id) ?? null, placed, left, at);
      if (work) works.set(id, work);
    };
    for (const { before, after, from, to } of touched.steps) {
      if (to !== null) members.get(to)?.set(after._id, after);
      if (from !== null && from !== to) {
        members.get(from)?.delete(after._id);
        renew(from, before?.record ?? null);
      }
      if (to !== null) renew(to, null);
    }
    for (const id of unsure) renew(id, null);
    return this.#save(works, stored, unsure, index);
  }

  /** The records of every touched work as they were before the run. */
  async #membersBefore({ steps, workIds }: Touched, index: MatchIndex): Promise<Map<string, Members>> {
    const members = new Map([...workIds].map((id): [string, Members] => [id, new Map()]));
    const moved = new Set(steps.map(({ after }) => after._id));
    const untouched = [...workIds].flatMap((id) => index.membersOf(id)).filter((key) => !moved.has(key));
    const loaded = await findByIds(this.#collections.sources, new Set(untouched));
    for (const source of [...loaded.values(), ...steps.flatMap(({ before }) => before ?? [])]) {
      if (source.record && source.workId !== null) members.get(index.resolve(source.workId))?.set(source._id, source);
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
      if (isNews || unsure.has(id)) told.push(now);
    }
    await saveAll(this.#collections.works, changed.map(toWorkDocument), stored);
    return told;
  }

  async #publish(works: readonly Work[]): Promise<void> {
    if (works.length === 0) return;
    const now = this.#ports.clock.now();
    await this.#ports.log.publish(
      CONTENT_CHANGES.name,
      works.map((work) => {
        const head = { source: '/content', type: 'content.work.changed', timeMs: work.updatedAt };
        return toMessage({ ...head, id: `${work.id}:${work.version}` }, work.id, changeOf(work, now));
      }),
    );
  }

  /** The index as it must be before the event at this offset: other processes may have placed records meanwhile. */
  async #indexAt(offset: number): Promise<MatchIndex> {
    if (this.#index && offset === this.#nextOffset) return this.#index;
    const startedAt = performance.now();
    const goesOn = this.#index && offset > this.#nextOffset ? this.#index : null;
    const index = goesOn ?? new MatchIndex();
    await this.#joins.load(index, goesOn ? this.#nextOffset : 0, offset);
    const missed = goesOn ? { offset: { $gte: this.#nextOffset } } : { state: 'live' as const };
    // In the order of their events, as a process that has been there all the time has them.
    const found = this.#collections.sources.find(missed, { sort: { offset: 1 } });
    for await (const { _id, record, workId } of found) {
      if (record && workId) {
        index.forget(index.resolve(workId));
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

function markRemoved(index: MatchIndex, work: Work): void {
  if (!work.isRemoved || work.mergedInto !== null) {
    index.forget(work.id);
    return;
  }
  const type = work.type === 'MOVIE' ? 'movie' : 'series';
  index.remember(work.id, featuresOf(work.lastRecord ?? sourceRecord.parse({ ...work, type, addedAt: null })));
}

const keyOf = ({ platform, platformId }: ContentSyncEvent): string => syncKey(platform, platformId);

/** The first events, up to a decision or to a second one of the same record. */
function firstRun(batch: readonly Logged<CatalogueEvent>[]): Logged<ContentSyncEvent>[] {
  const run: Logged<ContentSyncEvent>[] = [];
  const keys = new Set<string>();
  for (const { logged, event } of batch) {
    if (isDecision(event) || keys.has(keyOf(event))) break;
    keys.add(keyOf(event));
    run.push({ logged, event });
  }
  return run;
}
