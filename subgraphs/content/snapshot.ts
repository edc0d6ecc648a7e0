/**
 * A full snapshot replaces: what a platform has no longer is deleted, by events like any other, so that a replay of the topic
 * comes to the same. A feed that would take too much away is more likely broken, and is held.
 */
import type { Collection } from '../../platform/ports/store.ts';
import type { ContentSyncEvent, PlatformName } from '../../schema/events/content-sync.ts';
import type { SourceDocument } from './content-collections.ts';

/** The real catalogues lose 13 % in eight months (JustWatch Netflix, 2022-07 to 2023-03). */
export const MAX_REMOVED_PART = 0.2;

export interface Snapshot {
  readonly platform: PlatformName;
  /** All that it told carries it. */
  readonly snapshotId: string;
  /** As of when it speaks: what another told later is not its to remove. */
  readonly version: number;
  /** Its records have versions of their own, not the time of reading. */
  readonly hasOwnVersions: boolean;
  /** Ids of rows that could not be used: those titles are there, whatever their rows say. */
  readonly unreadableIds: ReadonlySet<string>;
  /** Live records of the platform when it began. */
  readonly knownBefore: number;
}

export type Replacement =
  | { readonly kind: 'replaced'; readonly deletes: readonly ContentSyncEvent[] }
  | { readonly kind: 'held'; readonly reason: string };

/** A delete for everything absent, unless that is more than `maxRemovedPart` of what was known. */
export async function replacementBy(
  snapshot: Snapshot,
  sources: Collection<SourceDocument>,
  maxRemovedPart: number,
): Promise<Replacement> {
  const most = snapshot.knownBefore * maxRemovedPart;
  const deletes: ContentSyncEvent[] = [];
  let absent = 0;
  for await (const source of absentFrom(snapshot, sources)) {
    absent += 1;
    if (absent <= most) deletes.push(deleteOf(source, snapshot));
  }
  if (absent > most) {
    const part = `${absent.toLocaleString('en')} of ${snapshot.knownBefore.toLocaleString('en')} titles are absent`;
    return { kind: 'held', reason: `${part}, more than ${Math.round(maxRemovedPart * 100)} %` };
  }
  return { kind: 'replaced', deletes };
}

async function* absentFrom(snapshot: Snapshot, sources: Collection<SourceDocument>): AsyncGenerator<SourceDocument> {
  const { platform, snapshotId, version, unreadableIds } = snapshot;
  for await (const source of sources.find({ platform, state: 'live', snapshotId: { $ne: snapshotId } })) {
    if (source.version < version && !unreadableIds.has(source.platformId)) yield source;
  }
}

/** Next after the version it had, where the feed counts its own: it must be able to come back with a higher one. */
function deleteOf({ platform, platformId, version }: SourceDocument, snapshot: Snapshot): ContentSyncEvent {
  const deletedAs = snapshot.hasOwnVersions ? version + 1 : snapshot.version;
  return { platform, platformId, version: deletedAs, op: 'delete', snapshotId: snapshot.snapshotId, record: null };
}
