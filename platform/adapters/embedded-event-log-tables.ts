/**
 * The embedded event log's file: its tables and every statement on topics and events. One connection per log; several
 * processes may have the same file open. Knows nothing of readers. Times: ms since the epoch.
 *
 * WAL with synchronous=NORMAL: what was committed survives the death of the process; the last moments before a power
 * failure may be lost, but never torn.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { AppError } from '../../schema/errors.ts';
import type { LoggedEvent, NewEvent, TopicSpec } from '../ports/event-log.ts';
import { partitionOf } from './embedded-event-log-partitioner.ts';

/** An event's row id is its partition's number times this, plus its offset: room for 68 thousand million events each. */
const OFFSETS = 2 ** 36;
const MAX_PARTITIONS = 2 ** 17;
/** A page of events ends early once it holds this much. */
const PAGE_BYTES = 4_000_000;
const BUSY_TIMEOUT_MS = 5_000;
const FORMAT = 1;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS partitions (
    id INTEGER PRIMARY KEY, topic TEXT NOT NULL, partition INTEGER NOT NULL, next_offset INTEGER NOT NULL DEFAULT 0,
    cleanup TEXT NOT NULL, retention_ms INTEGER, UNIQUE (topic, partition)) STRICT;
  CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, value BLOB, headers TEXT, timestamp INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS latest (
    partition_id INTEGER NOT NULL, key TEXT NOT NULL, event_id INTEGER NOT NULL,
    PRIMARY KEY (partition_id, key)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS superseded (
    position INTEGER PRIMARY KEY, event_id INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS positions (
    grp TEXT NOT NULL, partition_id INTEGER NOT NULL, committed INTEGER, owner TEXT, epoch INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (grp, partition_id)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS members (
    joined INTEGER PRIMARY KEY AUTOINCREMENT, grp TEXT NOT NULL, topic TEXT NOT NULL, member TEXT NOT NULL UNIQUE,
    lease_until INTEGER NOT NULL) STRICT;
  PRAGMA user_version = ${FORMAT};`;

/** A partition as the file numbers it. */
export interface PartitionRow {
  readonly id: number;
  readonly partition: number;
}

export interface TopicRow {
  readonly name: string;
  readonly cleanup: 'delete' | 'compact';
  readonly retentionMs: number | null;
  /** In order, from 0. */
  readonly partitions: readonly PartitionRow[];
}

/** Events of a partition, and where the next page begins: past holes too. */
export interface Page {
  readonly events: LoggedEvent[];
  readonly nextOffset: number;
}

export class EventTables {
  readonly database: DatabaseSync;
  /** Topics never change once they exist, so what was read stays true. As many as the code names. */
  readonly #topics = new Map<string, TopicRow>();
  readonly #statements = new Map<string, StatementSync>();

  /** @throws AppError UNAVAILABLE when the file cannot be opened or is of another version */
  constructor(path: string) {
    try {
      mkdirSync(dirname(path), { recursive: true });
      this.database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    } catch (cause) {
      throw new AppError('UNAVAILABLE', `The event log at ${path} cannot be opened.`, { cause });
    }
    try {
      this.database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
      const format = this.get('PRAGMA user_version')?.user_version;
      if (format !== 0 && format !== FORMAT) throw new Error(`format ${format}, this program knows ${FORMAT}`);
      this.write(() => this.database.exec(SCHEMA));
    } catch (cause) {
      this.database.close();
      throw new AppError('UNAVAILABLE', `The event log at ${path} cannot be used: ${(cause as Error).message}.`, {
        cause,
      });
    }
  }

  /** The statement for this text, prepared once. */
  prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  get(sql: string, ...values: (string | number)[]): Record<string, unknown> | undefined {
    return this.prepare(sql).get(...values);
  }

  /** Runs `change` as one transaction, alone among all processes. */
  write<T>(change: () => T): T {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      const result = change();
      this.database.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }

  topic(name: string): TopicRow | undefined {
    const known = this.#topics.get(name);
    if (known) return known;
    const rows = this.prepare(
      'SELECT id, partition, cleanup, retention_ms FROM partitions WHERE topic = ? ORDER BY partition',
    ).all(name) as unknown as { id: number; partition: number; cleanup: TopicRow['cleanup']; retention_ms: number }[];
    const first = rows[0];
    if (!first) return undefined;
    const topic = {
      name,
      cleanup: first.cleanup,
      retentionMs: first.retention_ms,
      partitions: rows.map(({ id, partition }) => ({ id, partition })),
    };
    this.#topics.set(name, topic);
    return topic;
  }

  topics(): TopicRow[] {
    const rows = this.prepare('SELECT DISTINCT topic FROM partitions').all() as unknown as { topic: string }[];
    return rows.flatMap(({ topic }) => this.topic(topic) ?? []);
  }

  /** Call within `write`. Changes nothing where the topic exists. */
  createTopic({ name, partitions, cleanup, retentionMs }: TopicSpec): void {
    if (this.topic(name)) return;
    const { count } = this.get('SELECT count(*) AS count FROM partitions') as { count: number };
    if (count + partitions >= MAX_PARTITIONS) throw new AppError('TOO_MANY', `${MAX_PARTITIONS} partitions at most.`);
    const insert = this.prepare('INSERT INTO partitions (topic, partition, cleanup, retention_ms) VALUES (?, ?, ?, ?)');
    for (let partition = 0; partition < partitions; partition += 1) {
      insert.run(name, partition, cleanup, retentionMs ?? null);
    }
  }

  /** The topic; made with one partition where there is none, as a broker with auto-creation does. */
  ensureTopic(name: string): TopicRow {
    const known = this.topic(name);
    if (known) return known;
    this.write(() => this.createTopic({ name, partitions: 1, cleanup: 'delete' }));
    return this.topic(name) as TopicRow;
  }

  /** Appends in order, in one transaction. */
  append(topic: TopicRow, events: readonly NewEvent[], timestamp: number): void {
    const insert = this.prepare('INSERT INTO events (id, key, value, headers, timestamp) VALUES (?, ?, ?, ?, ?)');
    const count = topic.partitions.length;
    this.write(() => {
      const next = new Map<PartitionRow, number>();
      for (const { key, value, headers } of events) {
        const row = topic.partitions[partitionOf(key, count)] as PartitionRow;
        const offset = next.get(row) ?? this.end(row);
        const id = row.id * OFFSETS + offset;
        insert.run(id, key, typeof value === 'string' ? Buffer.from(value) : value, toJson(headers), timestamp);
        if (topic.cleanup === 'compact') this.#supersede(row, key, id, timestamp);
        next.set(row, offset + 1);
      }
      for (const [row, offset] of next) {
        this.prepare('UPDATE partitions SET next_offset = ? WHERE id = ?').run(offset, row.id);
      }
    });
  }

  /** Notes that an event is its key's latest, and which one is not any more; cleanup removes that one later. */
  #supersede(row: PartitionRow, key: string, id: number, at: number): void {
    const before = this.get('SELECT event_id FROM latest WHERE partition_id = ? AND key = ?', row.id, key);
    if (before) this.prepare('INSERT INTO superseded (event_id, at) VALUES (?, ?)').run(before.event_id as number, at);
    this.prepare('INSERT OR REPLACE INTO latest (partition_id, key, event_id) VALUES (?, ?, ?)').run(row.id, key, id);
  }

  /** The offset that the partition's next event will get. */
  end({ id }: PartitionRow): number {
    return this.get('SELECT next_offset FROM partitions WHERE id = ?', id)?.next_offset as number;
  }

  /** The offset of the first event still there; `end` where there is none. */
  start(row: PartitionRow): number {
    const first = this.get('SELECT min(id) AS id FROM events WHERE id >= ? AND id < ?', ...idRange(row, 0)) as {
      id: number | null;
    };
    return first.id === null ? this.end(row) : first.id - row.id * OFFSETS;
  }

  /** Up to `limit` events from `fromOffset` on, fewer where they are big. */
  page(topic: string, row: PartitionRow, fromOffset: number, limit: number): Page {
    const end = this.end(row); // before the events: what comes between is found by the next page
    const select = this.prepare(
      'SELECT id, key, value, headers, timestamp FROM events WHERE id >= ? AND id < ? ORDER BY id LIMIT ?',
    );
    const events: LoggedEvent[] = [];
    const base = row.id * OFFSETS;
    let sizeBytes = 0;
    for (const found of select.iterate(...idRange(row, fromOffset), limit)) {
      const { id, key, value, headers, timestamp } = found as unknown as EventRow;
      const bytes = value && Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      events.push({
        topic,
        partition: row.partition,
        offset: id - base,
        key,
        value: bytes,
        headers: headers === null ? {} : JSON.parse(headers),
        timestamp,
      });
      sizeBytes += bytes?.byteLength ?? 0;
      if (sizeBytes >= PAGE_BYTES) return { events, nextOffset: id - base + 1 };
    }
    const last = events.at(-1);
    const nextOffset =
      last && events.length === limit ? last.offset + 1 : Math.max(fromOffset, end, (last?.offset ?? -1) + 1);
    return { events, nextOffset };
  }

  /** Changes whenever another connection has written to the file. */
  dataVersion(): number {
    return this.get('PRAGMA data_version')?.data_version as number;
  }

  close(): void {
    this.#statements.clear();
    this.database.close();
  }
}

interface EventRow {
  readonly id: number;
  readonly key: string;
  readonly value: Uint8Array | null;
  readonly headers: string | null;
  readonly timestamp: number;
}

/** The row ids of a partition from an offset on: first, and one past the last. */
export function idRange({ id }: PartitionRow, fromOffset: number): [number, number] {
  return [id * OFFSETS + fromOffset, (id + 1) * OFFSETS];
}

function toJson(headers: NewEvent['headers']): string | null {
  for (const _ in headers) return JSON.stringify(headers);
  return null;
}
