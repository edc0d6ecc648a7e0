/** What an event makes of a source record: the version rule, tombstones, and which work it goes to. Pure but for the index. */
import { createHash } from 'node:crypto';
import { type ContentSyncEvent, syncKey } from '../../schema/events/content-sync.ts';
import type { LinkEvidence, SourceDocument } from './content-collections.ts';
import type { MatchIndex } from './domain/match-index.ts';
import { compare, type Features, featuresOf } from './domain/matching.ts';

/** Other evidence that two versions of one record are still one title when it was renamed. */
const RENAME_EVIDENCE = 3.4;
const TITLE_DIFFERS = 'title:differs';

export type Outcome =
  /** An older version, or the same one again: it changes nothing. */
  | { readonly kind: 'ignored' }
  /** This very event has been stored before; what follows from it may not have been. */
  | { readonly kind: 'redelivered'; readonly source: SourceDocument }
  | { readonly kind: 'applied'; readonly source: SourceDocument };

/** Applies one event to what is known of its record, and moves it in the index. `at`: ms since the epoch. */
export function place(
  event: ContentSyncEvent,
  offset: number,
  known: SourceDocument | null,
  index: MatchIndex,
  at: number,
): Outcome {
  if (known && event.version <= known.version) {
    return known.offset === offset ? { kind: 'redelivered', source: known } : { kind: 'ignored' };
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
    return { kind: 'applied', source: { ...head, ...rest, changedAt: at } };
  }
  const features = featuresOf(event.record);
  const stays = known?.record && known.workId && isStillSame(featuresOf(known.record), features);
  const link = stays
    ? { workId: known.workId ?? '', evidence: known.evidence }
    : linkFor(key, event.version, features, index);
  index.add(key, features, link.workId);
  index.forget(link.workId);
  rememberEmptied(known, index);
  const isNews = !known?.record || JSON.stringify(known.record) !== JSON.stringify(event.record);
  return {
    kind: 'applied',
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

/** A work that just lost its only record may get another a moment later: renumbered feeds move titles about. */
function rememberEmptied(known: SourceDocument | null, index: MatchIndex): void {
  if (!known?.record || !known.workId || index.membersOf(known.workId).length > 0) return;
  index.remember(known.workId, featuresOf(known.record));
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
  return { workId: foundingId(key, version), evidence: { matchedWith: null, score: null, reasons: ['first'] } };
}

/**
 * The id of a work founded by this version of this record. It says nothing of the work, and the same event again gives the
 * same id: so a redelivery after a crash, or a replay of the whole topic, makes the same catalogue.
 */
function foundingId(key: string, version: number): string {
  return `w_${createHash('sha256').update(`${key}@${version}`).digest('base64url').slice(0, 16)}`;
}

/** A renamed title is still the same; another title under a renumbered feed's id is not. */
function isStillSame(before: Features, now: Features): boolean {
  const { score, reasons } = compare(before, now);
  if (reasons[0] !== TITLE_DIFFERS) return score > -2;
  const withoutTitle = compare({ ...before, ...titleOf(now) }, now).score - 3;
  return withoutTitle >= RENAME_EVIDENCE;
}

const titleOf = ({ title, compact, sound, head }: Features) => ({ title, compact, sound, head });
