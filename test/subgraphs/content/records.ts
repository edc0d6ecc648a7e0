/** Source records for tests: a full one, changed where a test says so. */
import {
  type ContentSyncEvent,
  type PlatformName,
  type SourceRecord,
  sourceRecord,
} from '../../../schema/events/content-sync.ts';

export const record = (fields: Partial<SourceRecord> & { readonly title: string }): SourceRecord =>
  sourceRecord.parse({ type: 'movie', releaseYear: 2015, runtimeMinutes: 120, ...fields });

export type RecordKey = `${PlatformName}:${string}`;

export const upsert = (
  id: RecordKey,
  version: number,
  fields: Partial<SourceRecord> & { readonly title: string },
): ContentSyncEvent => ({ ...idOf(id), version, snapshotId: null, op: 'upsert', record: record(fields) });

export const remove = (id: RecordKey, version: number): ContentSyncEvent => ({
  ...idOf(id),
  ...{ version, snapshotId: null, op: 'delete', record: null },
});

export function idOf(id: RecordKey): { platform: PlatformName; platformId: string } {
  const at = id.indexOf(':');
  return { platform: id.slice(0, at) as PlatformName, platformId: id.slice(at + 1) };
}
