/**
 * Works that turn out to be one, and works that were wrongly made one. A merge is a redirect from one work's id to the other's; the
 * records stay on the work on which they were placed, so a merge is one write, and a split takes it back. Each change is begun by
 * that write and finished by making both works anew; an event that comes again after a crash finishes what it began.
 */
import type { Ports } from '../../platform/subgraph.ts';
import { type PlatformName, syncKey } from '../../schema/events/content-sync.ts';
import {
  type ContentCollections,
  findByIds,
  type LinkEvidence,
  placedRecord,
  type RedirectDocument,
  saveAll,
  toWork,
  toWorkDocument,
} from './content-collections.ts';
import type { DecisionEvent } from './decision-event.ts';
import { pairOf, type Verdict } from './domain/decisions.ts';
import { type MatchIndex, MOST_RECORDS_PER_WORK, type Placement } from './domain/match-index.ts';
import { nextWork, type Work } from './domain/work.ts';
import { foundingId } from './placing.ts';

const DECIDED: LinkEvidence = { matchedWith: null, score: null, reasons: ['decided'] };

export class WorkJoins {
  readonly #ports: Ports;
  readonly #collections: ContentCollections;
  /** Of what is stored: the last event that left anything. All events before it are finished. */
  #lastOffset = -1;
  /** What that event has merged or split, but perhaps not finished. */
  #begun: RedirectDocument | null = null;

  constructor(ports: Ports, collections: ContentCollections) {
    this.#ports = ports;
    this.#collections = collections;
  }

  /** Brings into the index what was merged and decided since an offset, as it was before the event that comes next. */
  async load(index: MatchIndex, sinceOffset: number, nextOffset: number): Promise<void> {
    const since = { offset: { $gte: sinceOffset } };
    const [lastSource] = await this.#collections.sources.find(since, { sort: { offset: -1 }, limit: 1 }).toArray();
    const decisions = await this.#collections.decisions.find(since).toArray();
    const redirects = await this.#collections.redirects.find(since, { sort: { offset: 1 } }).toArray();
    const offsets = [...decisions, ...redirects].map(({ offset }) => offset);
    this.#lastOffset = Math.max(lastSource?.offset ?? -1, ...offsets);
    for (const decision of decisions) index.decisions.set(decision);
    this.#begun = null;
    for (const redirect of redirects) {
      const isBegun = redirect.offset === this.#lastOffset && redirect.offset >= nextOffset;
      if (isBegun) this.#begun = redirect;
      if (redirect.isUndone === isBegun) index.redirect(redirect._id, redirect.into);
      else if (redirect.isUndone) index.redirect(redirect._id, null);
    }
  }

  /** What the event at this offset has merged or split, but perhaps not finished. */
  begunAt(offset: number): RedirectDocument | null {
    return this.#begun?.offset === offset ? this.#begun : null;
  }

  /** The work of a record is one with another: the one with fewer records will go into the other. */
  async begin(workId: string, other: Placement, offset: number, index: MatchIndex): Promise<RedirectDocument> {
    const { matchedWith, score, reasons } = other;
    return this.#redirect(workId, other.workId, { matchedWith, score, reasons }, offset, index);
  }

  /** Both works as they are now, stored; to be told. */
  finish(redirect: RedirectDocument, index: MatchIndex): Promise<Work[]> {
    index.redirect(redirect._id, redirect.isUndone ? null : redirect.into);
    return this.#renew([redirect._id, redirect.into], index);
  }

  /** Does what an operator has decided; gives the works to be told. What cannot be done is logged and changes nothing. */
  async decide(event: DecisionEvent, offset: number, index: MatchIndex): Promise<Work[]> {
    if (offset < this.#lastOffset) return [];
    const begun = this.begunAt(offset);
    if (begun) return this.finish(begun, index);
    return event.op === 'link' ? this.#link(event, offset, index) : this.#split(event, offset, index);
  }

  async #link(event: DecisionEvent & { op: 'link' }, offset: number, index: MatchIndex): Promise<Work[]> {
    const [a, b] = [keyOf(event), keyOf(event.with)];
    const [ofA, ofB] = [a, b].map((key) => index.membersOf(index.recordOf(key)?.placedOn ?? ''));
    if (!ofA?.length || !ofB?.length) return this.#refused(event, 'one of the records is not in the catalogue');
    const isOne = ofA.includes(b);
    if (!isOne && ofA.length + ofB.length > MOST_RECORDS_PER_WORK) {
      return this.#refused(event, `a work has at most ${MOST_RECORDS_PER_WORK} records`);
    }
    // What was decided of two records of these works before would part them again.
    const isContradicted = (x: string, y: string): boolean =>
      (x === a && y === b) || this.#decided(x, y, index) === 'different';
    await this.#decide(
      pairsOf(ofA, ofB).filter(([x, y]) => isContradicted(x, y)),
      'same',
      offset,
      index,
    );
    if (isOne) return [];
    const [workOfA, workOfB] = [a, b].map((key) => index.resolve(index.recordOf(key)?.placedOn ?? ''));
    const evidence = { ...DECIDED, matchedWith: b };
    return this.finish(await this.#redirect(workOfA ?? '', workOfB ?? '', evidence, offset, index), index);
  }

  async #split(event: DecisionEvent, offset: number, index: MatchIndex): Promise<Work[]> {
    const key = keyOf(event);
    const record = index.recordOf(key);
    if (!record) return this.#refused(event, 'the record is not in the catalogue');
    const source = await this.#collections.sources.findOne({ _id: key });
    if (source?.offset === offset) return this.#renew([source.workId, source.previousWorkId].filter(isText), index);
    const work = index.resolve(record.placedOn);
    const members = index.membersOf(work);
    const isMerged = record.placedOn !== work;
    const leaving = isMerged ? index.membersVia(record.placedOn) : [key];
    const staying = members.filter((member) => !leaving.includes(member));
    const came = isMerged
      ? record.placedOn
      : index.mergedInto(work).find((id) => isAllOf(staying, index.membersVia(id)));
    if (!source?.record || staying.length === 0) return this.#refused(event, 'it is alone on its work');
    await this.#decide(pairsOf(leaving, staying), 'different', offset, index);
    if (came !== undefined) {
      const undone = { _id: came, into: work, isUndone: true, evidence: DECIDED, ...this.#stamp(offset) };
      return this.finish(await this.#saved(undone), index);
    }
    const workId = foundingId(`${key}@${event.decisionId}`);
    const moved = { ...source, workId, previousWorkId: record.placedOn, evidence: DECIDED, offset };
    await saveAll(this.#collections.sources, [moved], new Map([[key, source]]));
    index.move(key, workId);
    return this.#renew([workId, work], index);
  }

  #redirect(
    a: string,
    b: string,
    evidence: LinkEvidence,
    offset: number,
    index: MatchIndex,
  ): Promise<RedirectDocument> {
    const [workId, into] = index.membersOf(a).length > index.membersOf(b).length ? [b, a] : [a, b];
    return this.#saved({ _id: workId, into, isUndone: false, evidence, ...this.#stamp(offset) });
  }

  async #saved(redirect: RedirectDocument): Promise<RedirectDocument> {
    const { _id, ...replacement } = redirect;
    await this.#collections.redirects.replaceOne({ _id }, replacement, { upsert: true });
    return redirect;
  }

  async #decide(pairs: readonly Pair[], verdict: Verdict, offset: number, index: MatchIndex): Promise<void> {
    const decisions = pairs.flatMap(([x, y]) => {
      const [a, b] = [index.recordOf(x), index.recordOf(y)];
      if (!a || !b) return [];
      const [{ key: keyA, title: titleA }, { key: keyB, title: titleB }] = [a, b];
      const records = { a: { key: keyA, title: titleA }, b: { key: keyB, title: titleB } };
      return [{ _id: pairOf(x, y), ...records, verdict, ...this.#stamp(offset) }];
    });
    const known = await findByIds(
      this.#collections.decisions,
      decisions.map(({ _id }) => _id),
    );
    await saveAll(this.#collections.decisions, decisions, known);
    for (const decision of decisions) index.decisions.set(decision);
  }

  /** Makes works anew from the records that are on them now, and stores them; so also the works that went into them before. */
  async #renew(workIds: readonly string[], index: MatchIndex): Promise<Work[]> {
    const at = this.#ports.clock.now();
    const followers = workIds.flatMap((id) => index.mergedInto(id)).filter((id) => !workIds.includes(id));
    const stored = await findByIds(this.#collections.works, [...workIds, ...followers]);
    const sources = await findByIds(
      this.#collections.sources,
      workIds.flatMap((id) => (index.resolve(id) === id ? index.membersOf(id) : [])),
    );
    const works = workIds.flatMap((id): Work[] => {
      const document = stored.get(id);
      const before = document ? toWork(document) : null;
      const keys = index.resolve(id) === id ? index.membersOf(id) : [];
      const placed = keys.flatMap((key) => placedRecord(sources.get(key)));
      const work = nextWork(id, before, placed, null, at);
      if (!work) return [];
      const toldVersion = before && work.version !== before.version ? before.version : work.toldVersion;
      return [{ ...work, toldVersion, mergedInto: goneInto(id, index) }];
    });
    const moved = followers.flatMap((id): Work[] => {
      const document = stored.get(id);
      return document ? [{ ...toWork(document), mergedInto: goneInto(id, index) }] : [];
    });
    await saveAll(this.#collections.works, [...works, ...moved].map(toWorkDocument), stored);
    return works;
  }

  #decided(x: string, y: string, index: MatchIndex): Verdict | null {
    const [a, b] = [index.recordOf(x), index.recordOf(y)];
    return a && b && index.decisions.between(a, b);
  }

  #stamp(offset: number): { offset: number; at: number } {
    return { offset, at: this.#ports.clock.now() };
  }

  #refused(event: DecisionEvent, why: string): Work[] {
    this.#ports.logger.warn({ op: event.op, record: keyOf(event), why }, 'decision without effect');
    return [];
  }
}

type Pair = readonly [string, string];

const keyOf = ({ platform, platformId }: DecisionEvent | { platform: PlatformName; platformId: string }): string =>
  syncKey(platform, platformId);

const pairsOf = (some: readonly string[], others: readonly string[]): Pair[] =>
  some.flatMap((a) => others.filter((b) => b !== a).map((b): Pair => [a, b]));

const isAllOf = (some: readonly string[], all: readonly string[]): boolean => some.every((key) => all.includes(key));

const isText = (id: string | null): id is string => id !== null;

function goneInto(id: string, index: MatchIndex): string | null {
  const now = index.resolve(id);
  return now === id ? null : now;
}
