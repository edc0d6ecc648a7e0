/**
 * Removes from the embedded event log what retention and compaction let go, a bounded piece at a time, so that a writer
 * never waits long. Like a broker it removes late, never early. Times: ms since the epoch.
 */
import { type EventTables, idRange, type PartitionRow } from './embedded-event-log-tables.ts';

/** Rows looked at per partition and pass. */
const PIECE = 2_000;
/** A superseded event stays at least this long, so that readers a little behind still see it. */
export const COMPACTION_LAG_MS = 60_000;

/** One pass over all topics; returns how many events it removed. Call again while that is not 0 to be done with all. */
export function cleanUp(tables: EventTables, now: number): number {
  let removed = 0;
  for (const { retentionMs, cleanup, partitions } of tables.topics()) {
    if (cleanup !== 'delete' || retentionMs === null) continue;
    for (const row of partitions) removed += removeExpired(tables, row, now - retentionMs);
  }
  return removed + removeSuperseded(tables, now - COMPACTION_LAG_MS);
}

function removeExpired(tables: EventTables, row: PartitionRow, before: number): number {
  const [first, end] = idRange(row, 0);
  const { last } = tables.get(
    `SELECT max(id) AS last FROM (SELECT id, timestamp FROM events WHERE id >= ? AND id < ? ORDER BY id LIMIT ${PIECE})
     WHERE timestamp < ?`,
    first,
    end,
    before,
  ) as { last: number | null };
  if (last === null) return 0;
  return Number(tables.prepare('DELETE FROM events WHERE id >= ? AND id <= ?').run(first, last).changes);
}

function removeSuperseded(tables: EventTables, before: number): number {
  const rows = tables
    .prepare(`SELECT position, event_id, at FROM superseded ORDER BY position LIMIT ${PIECE}`)
    .all() as unknown as { position: number; event_id: number; at: number }[];
  const due = rows.filter(({ at }) => at < before);
  if (due.length === 0) return 0;
  tables.write(() => {
    for (const { position, event_id } of due) {
      tables.prepare('DELETE FROM events WHERE id = ?').run(event_id);
      tables.prepare('DELETE FROM superseded WHERE position = ?').run(position);
    }
  });
  return due.length;
}
