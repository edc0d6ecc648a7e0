/** What an event makes of a source record: the version rule, tombstones, and which work it goes to. Pure but for the index. */
import { createHash } from 'node:crypto';
import { type ContentSyncEvent, syncKey } from '../../schema/events/content-sync.ts';
import type { LinkEvidence, SourceDocument } from './content-collections.ts';
import { isStableId } from './domain/deep-links.ts';
import type { MatchIndex, Placement } from './domain/match-index.ts';
import { type Features, featuresOf } from './domain/matching.ts';
import { isSameTitleStill } from './domain/renames.ts';

export type Outcome =
  /** An older version, or the same one again: it changes nothing. */
  | { readonly kind: 'ignored' }
  /** This very event has been stored before; what follows from it may not have been. */
  | { readonly kind: 'redelivered'; readonly source: SourceDocument }
  /** `before`: what was known of the record until then. */
  | { readonly kind: 'applied'; readonly source: SourceDocument; readonly before: SourceDocument | null };

/** Applies one event to what is known of its record, and moves it in the index. `at`: ms since the epoch. */
export function place(
  event: ContentSyncEvent,
  offset: number,
  known: SourceDocument | null,
  index: MatchIndex,
  at: number,
): Outcome {
  if (known && event.version <= known.version) {
    if (known.offset === offset) return { kind: 'redelivered', source: known };
    return mention(event, offset, known, at);
  }
  const key = syncKey(event.platform, event.platformId);
  const head = {
    _id: key,
    platform: event.platform,
    platformId: event.platformId,
    version: event.version,
    offset,
    snapshotId: event.snapshotId,
    seenAt: at,
    snapshotAt: event.snapshotId === null ? (known?.snapshotAt ?? null) : at,
  };
  const workBefore = known?.workId ?? null;
  if (event.op === 'delete') {
    index.remove(key);
    rememberEmptied(known, index);
    const rest = { state: 'deleted' as const, record: null, workId: workBefore, previousWorkId: null, evidence: null };
    const changedAt = known?.record ? at : (known?.changedAt ?? null);
    return { kind: 'applied', source: { ...head, ...rest, changedAt }, before: known };
  }
  const features = featuresOf(event.record);
  const link = keptLink(event, known, index) ?? linkFor(key, event.version, features, index);
  index.add(key, features, link.workId);
  index.forget(index.resolve(link.workId));
  rememberEmptied(known, index);
  const isNews = !known?.record || JSON.stringify(known.record) !== JSON.stringify(event.record);
  return {
    kind: 'applied',
    before: known,
    source: {
      ...head,
      ...link,
      state: 'live',
      record: event.record,
      previousWorkId: workBefore === link.workId ? null : workBefore,
      changedAt: isNews ? at : (known?.changedAt ?? at),
    },
  };
}

/**
 * The work with which that of a record turns out to be one, now that the record says something else: a corrected year or title.
 * Null: none, or the event says nothing else.
 */
export function otherWorkOf(
  event: ContentSyncEvent,
  known: SourceDocument | null,
  index: MatchIndex,
): Placement | null {
  if (event.op === 'delete' || !known?.record || !known.workId || event.version <= known.version) return null;
  if (JSON.stringify(known.record) === JSON.stringify(event.record) || !keptLink(event, known, index)) return null;
  return index.findOther(featuresOf(event.record), known._id, known.workId);
}

/** An old version says nothing new, but that a snapshot has the title: it must not be taken for absent. */
function mention(event: ContentSyncEvent, offset: number, known: SourceDocument, at: number): Outcome {
  const isNews = event.op === 'upsert' && event.snapshotId !== null && offset > known.offset && known.state === 'live';
  if (!isNews || event.snapshotId === known.snapshotId) return { kind: 'ignored' };
  return {
    kind: 'applied',
    before: known,
    source: { ...known, snapshotId: event.snapshotId, snapshotAt: at, seenAt: at },
  };
}

/** The link of the version before, where it is the same title still, or for want of a better one under a stable id. */
function keptLink(
  { platformId, record }: ContentSyncEvent,
  known: SourceDocument | null,
  index: MatchIndex,
): { workId: string; evidence: LinkEvidence | null } | null {
  if (!known?.workId || !record) return null;
  const { workId, evidence } = known;
  const isStable = isStableId(platformId);
  // A tombstone remembers its work, but no longer what it said.
  if (!known.record) return isStable && index.membersOf(workId).length === 0 ? { workId, evidence } : null;
  const isAlone = index.membersOf(workId).length === 1;
  const stays = isSameTitleStill(known.record, record) || (isStable && isAlone && known.record.type === record.type);
  return stays ? { workId, evidence } : null;
}

/** A work that just lost its only record may get another a moment later: renumbered feeds move titles about. */
function rememberEmptied(known: SourceDocument | null, index: MatchIndex): void {
  if (!known?.record || !known.workId || index.membersOf(known.workId).length > 0) return;
  index.remember(index.resolve(known.workId), featuresOf(known.record));
}

function linkFor(
  key: string,
  version: number,
  features: Features,
  index: MatchIndex,
): { workId: string; evidence: LinkEvidence } {
  const found = index.find(features, key);
  if (found) {
    const { workId, matchedWith, score, reasons } = found;
    return { workId, evidence: { matchedWith, score, reasons } };
  }
  return { workId: foundingId(`${key}@${version}`), evidence: { matchedWith: null, score: null, reasons: ['first'] } };
}

/**
 * The id of a work founded by this version of a record, or by this decision. It says nothing of the work, and the same event
 * again gives the same id: so a redelivery after a crash, or a replay of the whole topic, makes the same catalogue.
 */
export function foundingId(event: string): string {
  return `w_${createHash('sha256').update(event).digest('base64url').slice(0, 16)}`;
}
