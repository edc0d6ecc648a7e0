/**
 * How the catalogue is stored: `content` holds works, `content_sources` what each platform says, with its place and why,
 * `content_redirects` which works were merged, `content_decisions` what an operator has decided.
 */
import {
  type BulkWrite,
  type Collection,
  isDuplicateKey,
  type Store,
  type StoredDocument,
} from '../../platform/ports/store.ts';
import type { PlatformName, SourceRecord } from '../../schema/events/content-sync.ts';
import type { Decision } from './domain/decisions.ts';
import type { PlacedRecord, Work } from './domain/work.ts';

/** Why a record is on its work: enough to judge the link later, and to undo it. */
export interface LinkEvidence {
  /** Null: it matched nothing and founded the work. */
  readonly matchedWith: string | null;
  readonly score: number | null;
  readonly reasons: readonly string[];
}

/** `_id` is `platform:platformId`. A deleted record stays as a tombstone, so that a late upsert does not revive it. */
export interface SourceDocument {
  _id: string;
  readonly platform: PlatformName;
  readonly platformId: string;
  readonly version: number;
  /** Offset in `content_sync` of the event that says so: tells a redelivery from a repeat. */
  readonly offset: number;
  readonly snapshotId: string | null;
  readonly state: 'live' | 'deleted';
  readonly record: SourceRecord | null;
  /** The work on which it was placed, which may have been merged into another since. Null: deleted before it was ever placed. */
  readonly workId: string | null;
  /** Where it was before this version, if elsewhere. */
  readonly previousWorkId: string | null;
  readonly evidence: LinkEvidence | null;
  /** Ms since the epoch: when the platform last told us of it, last in a snapshot, and last something new; null: never. */
  readonly seenAt: number;
  readonly snapshotAt: number | null;
  readonly changedAt: number | null;
}

/** `_id` is the id of a work that went into another. It is kept when the two are split again, and stands for the last merge. */
export interface RedirectDocument {
  _id: string;
  readonly into: string;
  readonly isUndone: boolean;
  readonly evidence: LinkEvidence;
  /** Of the event that says so. */
  readonly offset: number;
  readonly at: number;
}

/** `_id` is the pair of keys; what was decided last of two records stands. */
export interface DecisionDocument extends Decision {
  _id: string;
  readonly offset: number;
  readonly at: number;
}

export type WorkDocument = Omit<Work, 'id'> & { _id: string };

export interface ContentCollections {
  readonly works: Collection<WorkDocument>;
  readonly sources: Collection<SourceDocument>;
  readonly redirects: Collection<RedirectDocument>;
  readonly decisions: Collection<DecisionDocument>;
}

export const contentCollections = (store: Store): ContentCollections => ({
  works: store.collection<WorkDocument>('content'),
  sources: store.collection<SourceDocument>('content_sources'),
  redirects: store.collection<RedirectDocument>('content_redirects'),
  decisions: store.collection<DecisionDocument>('content_decisions'),
});

/** Idempotent. */
export async function createContentIndexes({
  works,
  sources,
  redirects,
  decisions,
}: ContentCollections): Promise<void> {
  await sources.createIndex({ platform: 1, platformId: 1 }, { unique: true });
  await sources.createIndex({ platform: 1, state: 1 });
  await sources.createIndex({ platform: 1, snapshotAt: -1 });
  await sources.createIndex({ platform: 1, changedAt: -1 });
  await sources.createIndex({ offset: 1 });
  await works.createIndex({ isRemoved: 1 });
  await redirects.createIndex({ offset: 1 });
  await decisions.createIndex({ offset: 1 });
}

/** Documents from before works were merged lack the field. */
export const toWork = ({ _id, mergedInto = null, ...rest }: WorkDocument): Work => ({ id: _id, ...rest, mergedInto });

export const toWorkDocument = ({ id, ...rest }: Work): WorkDocument => ({ _id: id, ...rest });

/** None where the record is deleted. */
export function placedRecord(source: SourceDocument | undefined): PlacedRecord[] {
  if (!source?.record) return [];
  const { platform, platformId, record, seenAt } = source;
  return [{ platform, platformId, record, seenAt }];
}

type FilterOf<T extends StoredDocument> = Parameters<Collection<T>['find']>[0];

/** The documents that are there, by id, in one read. */
export async function findByIds<T extends StoredDocument>(
  collection: Collection<T>,
  ids: Iterable<string>,
): Promise<Map<string, T>> {
  const wanted = [...ids];
  if (wanted.length === 0) return new Map();
  const found = await collection.find({ _id: { $in: wanted } } as FilterOf<T>).toArray();
  return new Map(found.map((document) => [document._id, document]));
}

/**
 * Stores documents whole, one after another: what is cut short is a beginning. Those not among `known` are inserted, which costs
 * a MongoDB a fortieth of an upsert; where another process was faster all are upserted.
 */
export async function saveAll<T extends StoredDocument>(
  collection: Collection<T>,
  documents: readonly T[],
  known: ReadonlyMap<string, unknown>,
): Promise<void> {
  if (documents.length === 0) return;
  const replace = (document: T): BulkWrite<T> => {
    const { _id, ...replacement } = document;
    return { replaceOne: { filter: { _id } as FilterOf<T>, replacement, upsert: true } };
  };
  const write = (document: T): BulkWrite<T> =>
    known.has(document._id) ? replace(document) : { insertOne: { document } };
  try {
    await collection.bulkWrite(documents.map(write), { ordered: true });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    await collection.bulkWrite(documents.map(replace), { ordered: true });
  }
}
