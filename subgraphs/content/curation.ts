/** What an operator sees and decides of the works that records were put on. A decision is an event like any other. */
import { randomUUID } from 'node:crypto';
import { ProblemError } from '../../platform/problem.ts';
import type { Ports } from '../../platform/subgraph.ts';
import { PLATFORMS, type PlatformName, syncKey } from '../../schema/events/content-sync.ts';
import { toMessage } from '../../schema/events/envelope.ts';
import { CONTENT_SYNC } from '../../schema/events/topics.ts';
import {
  contentCollections,
  createContentIndexes,
  findByIds,
  type LinkEvidence,
  type SourceDocument,
  type WorkDocument,
} from './content-collections.ts';
import type { DecisionEvent } from './decision-event.ts';
import { ImportRun } from './import-run.ts';
import { startSync } from './sync.ts';

export interface RecordId {
  readonly platform: PlatformName;
  readonly platformId: string;
}

/** A work with all that put its records on it. */
export interface WorkReport {
  readonly work: WorkDocument;
  readonly records: readonly SourceDocument[];
  /** Works that went into it, and why. */
  readonly merged: readonly { readonly workId: string; readonly evidence: LinkEvidence }[];
  /** What was decided of its records, as `hotstar:3 is not netflix:1`. */
  readonly decisions: readonly string[];
}

/** `platform:platformId`. @throws ProblemError */
export function recordId(text: string): RecordId {
  const at = text.indexOf(':');
  const platform = PLATFORMS.find((name) => name === text.slice(0, at).toLowerCase().replaceAll('-', '_'));
  if (platform && at + 1 < text.length) return { platform, platformId: text.slice(at + 1) };
  throw new ProblemError(
    `A record is PLATFORM:ID, as netflix:80057281, with one of ${PLATFORMS.join(', ')}: not "${text}".`,
  );
}

/** @throws ProblemError where the platform has no such record now */
export async function reportOf(
  { store }: Pick<Ports, 'store'>,
  { platform, platformId }: RecordId,
): Promise<WorkReport> {
  const { works, sources, redirects, decisions } = contentCollections(store);
  const source = await sources.findOne({ _id: syncKey(platform, platformId), state: 'live' });
  const placedOn = await works.findOne({ _id: source?.workId ?? '' });
  const work = placedOn?.mergedInto ? await works.findOne({ _id: placedOn.mergedInto }) : placedOn;
  if (!work) throw new ProblemError(`There is no record ${syncKey(platform, platformId)} in the catalogue.`);
  const keys = work.offers.map((offer) => syncKey(offer.platform, offer.platformId));
  const records = await findByIds(sources, keys);
  const gone = await works.find({ mergedInto: work._id }).toArray();
  const merges = await findByIds(
    redirects,
    gone.map(({ _id }) => _id),
  );
  const decided = await decisions.find({ $or: [{ 'a.key': { $in: keys } }, { 'b.key': { $in: keys } }] }).toArray();
  return {
    work,
    records: keys.flatMap((key) => records.get(key) ?? []),
    merged: [...merges.values()].map(({ _id, evidence }) => ({ workId: _id, evidence })),
    decisions: decided.map(({ a, b, verdict }) => `${a.key} is ${verdict === 'same' ? '' : 'not '}${b.key}`),
  };
}

/** The two records are one work from now on. @throws ProblemError where they cannot be */
export async function linkRecords(
  ports: Ports,
  record: RecordId,
  other: RecordId,
  stopping?: AbortSignal,
): Promise<WorkReport> {
  await Promise.all([reportOf(ports, record), reportOf(ports, other)]);
  await decide(ports, { ...record, op: 'link', decisionId: randomUUID(), with: other }, stopping);
  const report = await reportOf(ports, record);
  if (report.records.some(({ _id }) => _id === syncKey(other.platform, other.platformId))) return report;
  throw new ProblemError('They would be a work of too many records. Nothing was changed.');
}

/** The record is not of the work that it is on. @throws ProblemError where it is alone there */
export async function splitRecord(ports: Ports, record: RecordId, stopping?: AbortSignal): Promise<WorkReport> {
  const before = await reportOf(ports, record);
  if (before.records.length < 2) throw new ProblemError('It is the only record of its work. Nothing was changed.');
  await decide(ports, { ...record, op: 'split', decisionId: randomUUID() }, stopping);
  return reportOf(ports, record);
}

/** Resolves when the decision has been taken in, by a running server or here. */
async function decide(ports: Ports, event: DecisionEvent, stopping: AbortSignal | undefined): Promise<void> {
  await createContentIndexes(contentCollections(ports.store));
  const head = { source: '/curation', type: 'content.record.decided', timeMs: ports.clock.now() };
  const sync = await startSync(ports);
  try {
    await ports.log.publish(CONTENT_SYNC.name, [toMessage(head, syncKey(event.platform, event.platformId), event)]);
    await new ImportRun(ports, 0, () => undefined, { isSnapshot: false, stopping }).folded();
  } finally {
    await sync.close();
  }
}
