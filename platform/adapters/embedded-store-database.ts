/**
 * The embedded store's SQLite file: connection, prepared statements, transactions, the list of indexes. Several processes may
 * have it open. Owns how SQLite's failures are told; knows nothing of filters and documents.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { AppError } from '../../schema/errors.ts';
import type { IndexSpec } from './embedded-store-index.ts';

/** How long a write waits for other processes' writes. */
const BUSY_TIMEOUT_MS = 5_000;
/** Prepared statements kept; a statement's text has a filter's shape, never its values. */
const MAX_STATEMENTS = 256;
const MAX_WAL_BYTES = 64 * 1024 * 1024;
/** Pages of 4 KiB: what is written again soon is copied to the file once. SQLite's own 1000 copies it many times over. */
const CHECKPOINT_PAGES = 10_000;

const SQLITE_BUSY = 5;
const SQLITE_CONSTRAINT = 19;

export class StoreDatabase {
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  /** The one asked for last, which a bulk asks for again and again. */
  #latest: { readonly sql: string; readonly statement: StatementSync } | null = null;
  /** Of the schema that `#indexes` was read from. */
  #schemaVersion = -1;
  #indexes: ReadonlyMap<string, readonly IndexSpec[]> = new Map();

  /** @throws AppError UNAVAILABLE when the file cannot be opened */
  constructor(path: string) {
    try {
      this.#connection = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
      this.#connection.exec(`
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        PRAGMA journal_size_limit = ${MAX_WAL_BYTES};
        PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
        PRAGMA cache_size = -32000;
        CREATE TABLE IF NOT EXISTS store_indexes (
          collection TEXT NOT NULL, name TEXT NOT NULL, spec TEXT NOT NULL, PRIMARY KEY (collection, name)
        );`);
    } catch (error) {
      throw new AppError('UNAVAILABLE', `The store's file "${path}" cannot be opened.`, { cause: error });
    }
  }

  /** Idempotent. */
  close(): void {
    this.#statements.clear();
    this.#latest = null;
    if (this.#connection.isOpen) this.#connection.close();
  }

  /** @throws AppError UNAVAILABLE when closed or when SQLite cannot work */
  prepare(sql: string): StatementSync {
    if (!this.#connection.isOpen) throw new AppError('UNAVAILABLE', 'The store is closed.');
    if (this.#latest?.sql === sql) return this.#latest.statement;
    // Most recently used last.
    const statement = this.#statements.get(sql) ?? this.#connection.prepare(sql);
    this.#statements.delete(sql);
    this.#statements.set(sql, statement);
    if (this.#statements.size > MAX_STATEMENTS) this.#statements.delete(this.#statements.keys().next().value!);
    this.#latest = { sql, statement };
    return statement;
  }

  /** Runs `work` alone among all processes' writes; what it wrote stays only if it returns. Must not be nested. */
  transaction<R>(work: () => R): R {
    return this.guard(() => {
      this.prepare('BEGIN IMMEDIATE').run();
      try {
        const result = work();
        this.prepare('COMMIT').run();
        return result;
      } catch (error) {
        if (this.#connection.isTransaction) this.prepare('ROLLBACK').run();
        throw error;
      }
    });
  }

  /** Tells a database that is locked, full or broken as UNAVAILABLE. */
  guard<R>(work: () => R): R {
    try {
      return work();
    } catch (error) {
      const code = sqliteCode(error);
      if (code === undefined) throw error;
      const why = (code & 0xff) === SQLITE_BUSY ? 'is locked by another process' : 'failed';
      throw new AppError('UNAVAILABLE', `The embedded store ${why}: ${(error as Error).message}.`, { cause: error });
    }
  }

  /** All indexes of a collection, those that other processes made included. */
  indexesOf(collection: string): readonly IndexSpec[] {
    const { schema_version: version } = this.prepare('PRAGMA schema_version').get() as { schema_version: number };
    if (version !== this.#schemaVersion) {
      const indexes = new Map<string, IndexSpec[]>();
      for (const row of this.prepare('SELECT collection, spec FROM store_indexes').all()) {
        const owner = String(row.collection);
        indexes.set(owner, [...(indexes.get(owner) ?? []), JSON.parse(String(row.spec)) as IndexSpec]);
      }
      this.#indexes = indexes;
      this.#schemaVersion = version;
    }
    return this.#indexes.get(collection) ?? NO_INDEXES;
  }
}

const NO_INDEXES: readonly IndexSpec[] = Object.freeze([]);

/** SQLite's extended result code, if the error comes from SQLite. */
function sqliteCode(error: unknown): number | undefined {
  return typeof error === 'object' && error !== null && 'errcode' in error ? Number(error.errcode) : undefined;
}

export const isConstraint = (error: unknown): boolean => ((sqliteCode(error) ?? 0) & 0xff) === SQLITE_CONSTRAINT;
