/**
 * One collection of the embedded store: a table of `_id` and the document as JSON. Owns reading and writing documents; what a
 * filter means, how it becomes SQL and how an update is applied are its neighbours' business.
 */
import type { Filter, UpdateFilter } from 'mongodb';
import { AppError } from '../../schema/errors.ts';
import type { BulkWrite, Collection, Cursor, FindOptions, IndexOptions, StoredDocument } from '../ports/store.ts';
import { isConstraint, type StoreDatabase } from './embedded-store-database.ts';
import { compileFilter, type Predicate } from './embedded-store-filter.ts';
import { createIndexSql, type IndexSpec, indexSpec, requireScalars, sqlIndexName } from './embedded-store-index.ts';
import { type IndexedFields, type Plan, planFilter } from './embedded-store-plan.ts';
import {
  type BulkCounts,
  BulkWriteError,
  DuplicateKeyError,
  type UpdateResult,
  updateResult,
  type WriteError,
} from './embedded-store-results.ts';
import { applyUpdate, seedOf } from './embedded-store-update.ts';
import { sortDocuments } from './embedded-store-values.ts';
import { encode, type JsonObject, toWire } from './embedded-store-wire.ts';

const ID_INDEX: IndexSpec = { name: '_id_', keys: { _id: 1 }, unique: true, present: [] };

/** How many documents a cursor over a whole collection reads at a time. */
const PAGE = 500;

/** A filter made ready: looked for with SQL, and, where SQL is not exact, tested again. */
interface Query {
  readonly plan: Plan;
  readonly test: Predicate | null;
}

export class EmbeddedCollection<T extends StoredDocument> implements Collection<T> {
  readonly #name: string;
  readonly #table: string;
  readonly #database: StoreDatabase;
  #exists = false;
  #indexes: readonly IndexSpec[] = [];
  #indexed: IndexedFields = { scalar: new Set(), partial: new Set() };

  /** @param name lower case letters, digits and underscores, as `EmbeddedStore` has checked */
  constructor(name: string, database: StoreDatabase) {
    this.#name = name;
    this.#table = `"c_${name}"`;
    this.#database = database;
  }

  async findOne(filter: Filter<T>, options: FindOptions = {}): Promise<T | null> {
    return this.#read(filter, { ...options, limit: 1 })[0] ?? null;
  }

  find(filter: Filter<T>, options: FindOptions = {}): Cursor<T> {
    // Copied now: what the caller changes later is no part of the query.
    const sent = toWire(filter);
    const sort = { ...options.sort };
    const whole = Object.keys(sent).length === 0 && Object.keys(sort).length === 0 && !options.skip && !options.limit;
    const read = (): T[] => this.#read(sent, { ...options, sort });
    const pages = (): Generator<T[]> => this.#pages();
    return {
      toArray: async () => read(),
      async *[Symbol.asyncIterator]() {
        if (!whole) yield* read();
        else for (const page of pages()) yield* page;
      },
    };
  }

  async countDocuments(filter: Filter<T> = {}): Promise<number> {
    const sent = toWire(filter);
    return this.#reading(() => {
      const query = this.#query(sent);
      if (query.test) return count(this.#rows(query));
      const counting = this.#database.prepare(`SELECT count(*) AS n FROM ${this.#table}${query.plan.where}`);
      return Number(counting.get(...query.plan.parameters)!.n);
    });
  }

  async insertOne(document: T): Promise<{ acknowledged: true; insertedId: string }> {
    const sent = toWire(document);
    encode(sent);
    return this.#writing(() => ({ acknowledged: true, insertedId: this.#insert(sent) }));
  }

  async replaceOne(
    filter: Filter<T>,
    replacement: Omit<T, '_id'>,
    options: { readonly upsert?: boolean } = {},
  ): Promise<UpdateResult> {
    const sent = toWire(filter);
    const next = toReplacement(replacement);
    return this.#writing(() => this.#replace(sent, next, options.upsert ?? false));
  }

  async updateOne(
    filter: Filter<T>,
    update: UpdateFilter<T>,
    options: { readonly upsert?: boolean } = {},
  ): Promise<UpdateResult> {
    const sent = toWire(filter);
    const change = toWire(update);
    return this.#writing(() => this.#update(sent, change, options.upsert ?? false).result);
  }

  async findOneAndUpdate(
    filter: Filter<T>,
    update: UpdateFilter<T>,
    options: { readonly returnDocument: 'before' | 'after'; readonly upsert?: boolean },
  ): Promise<T | null> {
    const sent = toWire(filter);
    const change = toWire(update);
    const { before, after } = this.#writing(() => this.#update(sent, change, options.upsert ?? false));
    return (options.returnDocument === 'after' ? after : before) as T | null;
  }

  async deleteOne(filter: Filter<T>): Promise<{ acknowledged: true; deletedCount: number }> {
    const sent = toWire(filter);
    return this.#writing(() => ({ acknowledged: true, deletedCount: this.#delete(sent, 1) }));
  }

  async deleteMany(filter: Filter<T>): Promise<{ acknowledged: true; deletedCount: number }> {
    const sent = toWire(filter);
    return this.#writing(() => ({ acknowledged: true, deletedCount: this.#delete(sent, Number.POSITIVE_INFINITY) }));
  }

  async bulkWrite(writes: readonly BulkWrite<T>[], { ordered }: { readonly ordered: boolean }): Promise<BulkCounts> {
    if (writes.length === 0) throw new AppError('BAD_USER_INPUT', 'A bulkWrite needs a write.');
    const steps = writes.map((write) => this.#step(write));
    const counts: BulkCounts = {
      insertedCount: 0,
      matchedCount: 0,
      modifiedCount: 0,
      deletedCount: 0,
      upsertedCount: 0,
    };
    const failures: { readonly index: number; readonly error: unknown }[] = [];
    this.#writing(() => {
      for (const [index, step] of steps.entries()) {
        try {
          // A step is one SQL statement, which SQLite undoes by itself when it fails; the steps before it stay.
          step(counts);
        } catch (error) {
          if (!(error instanceof DuplicateKeyError || error instanceof AppError)) throw error;
          failures.push({ index, error });
          if (ordered) break;
        }
      }
    });
    if (failures.length > 0) throw bulkError(failures, counts);
    return counts;
  }

  async createIndex(keys: Readonly<Record<string, 1 | -1>>, options: IndexOptions = {}): Promise<string> {
    const spec = indexSpec(keys, options);
    if (spec.name === '_id_1') return ID_INDEX.name;
    this.#writing(() => {
      const existing = this.#indexes.find(({ name }) => name === spec.name);
      if (existing) {
        if (JSON.stringify(existing) === JSON.stringify(spec)) return;
        throw new AppError('BAD_USER_INPUT', `Index ${spec.name} of ${this.#name} exists with other options.`);
      }
      const fields = [...Object.keys(spec.keys), ...spec.present];
      for (const page of this.#pages()) for (const document of page) requireScalars(fields, asJson(document));
      try {
        this.#database.prepare(createIndexSql(this.#name, this.#table, spec)).run();
      } catch (error) {
        if (!isConstraint(error)) throw error;
        throw new DuplicateKeyError(this.#name, spec, {}, { cause: error });
      }
      this.#database
        .prepare('INSERT INTO store_indexes (collection, name, spec) VALUES (?, ?, ?)')
        .run(this.#name, spec.name, JSON.stringify(spec));
    });
    return spec.name;
  }

  /** SQLite's own words on how it would look for the filter, a line per step; for tests and for the curious. */
  explain(filter: Filter<T>, { sort = {} }: FindOptions = {}): string[] {
    const sent = toWire(filter);
    return this.#reading(() => {
      const { plan } = this.#query(sent, sort);
      const steps = this.#database.prepare(`EXPLAIN QUERY PLAN ${this.#select(plan)}`).all(...plan.parameters);
      return steps.map(({ detail }) => String(detail));
    });
  }

  // Reading

  #read(filter: Filter<T> | JsonObject, { sort = {}, limit = 0, skip = 0 }: FindOptions): T[] {
    for (const [name, value] of Object.entries({ limit, skip })) {
      if (!Number.isInteger(value) || value < 0) throw new AppError('BAD_USER_INPUT', `${name} is ${value}.`);
    }
    const sent = toWire(filter);
    return this.#reading(() => {
      const query = this.#query(sent, sort);
      const end = limit === 0 ? Number.POSITIVE_INFINITY : skip + limit;
      const documents =
        query.plan.order === null
          ? sortDocuments([...this.#rows(query)], sort).slice(skip, end)
          : slice(this.#rows(query), skip, end);
      return documents as object[] as T[];
    });
  }

  #query(filter: JsonObject, sort: FindOptions['sort'] = {}): Query {
    const plan = planFilter(filter, sort, this.#indexed);
    const test = compileFilter(filter);
    return { plan, test: plan.exact ? null : test };
  }

  #select({ where, order }: Plan): string {
    return `SELECT doc FROM ${this.#table}${where}${order ?? ''}`;
  }

  /** The documents a query matches, read as they are taken. */
  *#rows({ plan, test }: Query): Generator<JsonObject> {
    for (const { doc } of this.#database.prepare(this.#select(plan)).iterate(...plan.parameters)) {
      const document = JSON.parse(doc as string) as JsonObject;
      if (test === null || test(document)) yield document;
    }
  }

  /** All documents in pages, each page read at once: no read stays open while the caller works. */
  *#pages(): Generator<T[]> {
    let after = 0;
    for (;;) {
      const rows = this.#reading(() =>
        this.#database
          .prepare(`SELECT rowid AS n, doc FROM ${this.#table} WHERE rowid > ? ORDER BY rowid LIMIT ${PAGE}`)
          .all(after),
      );
      if (rows.length === 0) return;
      after = Number(rows.at(-1)!.n);
      yield rows.map((row) => JSON.parse(row.doc as string) as T);
    }
  }

  #reading<R>(work: () => R): R {
    return this.#database.guard(() => {
      this.#createTable();
      this.#refreshIndexes();
      return work();
    });
  }

  // Writing

  #writing<R>(work: () => R): R {
    // Apart from the transaction, which may be undone.
    this.#database.guard(() => this.#createTable());
    return this.#database.transaction(() => {
      this.#refreshIndexes();
      return work();
    });
  }

  #createTable(): void {
    if (this.#exists) return;
    this.#database
      .prepare(`CREATE TABLE IF NOT EXISTS ${this.#table} (_id TEXT NOT NULL PRIMARY KEY, doc TEXT NOT NULL)`)
      .run();
    this.#exists = true;
  }

  /** Learns of indexes that others have made since. */
  #refreshIndexes(): void {
    const indexes = this.#database.indexesOf(this.#name);
    if (indexes === this.#indexes) return;
    this.#indexes = indexes;
    this.#indexed = {
      scalar: new Set(indexes.flatMap(({ keys, present }) => [...Object.keys(keys), ...present])),
      partial: new Set(indexes.flatMap(({ present }) => present)),
    };
  }

  /** A write of `bulkWrite`, checked and copied, to be done later. */
  #step(write: BulkWrite<T>): (counts: BulkCounts) => void {
    if ('insertOne' in write) {
      const document = toWire(write.insertOne.document);
      encode(document);
      return (counts) => {
        this.#insert(document);
        counts.insertedCount += 1;
      };
    }
    if ('deleteOne' in write) {
      const filter = toWire(write.deleteOne.filter);
      return (counts) => {
        counts.deletedCount += this.#delete(filter, 1);
      };
    }
    if ('replaceOne' in write) {
      const { filter, replacement, upsert = false } = write.replaceOne;
      const sent = toWire(filter);
      const next = toReplacement(replacement);
      return (counts) => addResult(counts, this.#replace(sent, next, upsert));
    }
    const { filter, update, upsert = false } = write.updateOne;
    const sent = toWire(filter);
    const change = toWire(update);
    return (counts) => addResult(counts, this.#update(sent, change, upsert).result);
  }

  #insert(document: JsonObject): string {
    const { id, text } = encode(document);
    requireScalars(this.#indexed.scalar, document);
    this.#run(`INSERT INTO ${this.#table} (_id, doc) VALUES (?, ?)`, [id, text], document);
    return id;
  }

  #replace(filter: JsonObject, replacement: JsonObject, upsert: boolean): UpdateResult {
    const before = this.#first(filter);
    if (before) {
      const modified = this.#store(before, { ...replacement, _id: replacement._id ?? before._id! });
      return updateResult(1, modified ? 1 : 0, null);
    }
    if (!upsert) return updateResult(0, 0, null);
    return updateResult(0, 0, this.#insert({ ...replacement, _id: replacement._id ?? seedOf(filter)._id! }));
  }

  #update(
    filter: JsonObject,
    update: JsonObject,
    upsert: boolean,
  ): { readonly before: JsonObject | null; readonly after: JsonObject | null; readonly result: UpdateResult } {
    const before = this.#first(filter);
    if (before) {
      const after = toWire(before);
      applyUpdate(after, update, false);
      const modified = this.#store(before, after);
      return { before, after, result: updateResult(1, modified ? 1 : 0, null) };
    }
    if (!upsert) return { before: null, after: null, result: updateResult(0, 0, null) };
    const after = seedOf(filter);
    applyUpdate(after, update, true);
    const id = this.#insert(after);
    return { before: null, after, result: updateResult(0, 0, id) };
  }

  /** Writes the new state of a document; says whether it differs. */
  #store(before: JsonObject, after: JsonObject): boolean {
    if (after._id !== before._id) throw new AppError('BAD_USER_INPUT', 'A document keeps its _id.');
    const { id, text } = encode(after);
    if (text === encode(before).text) return false;
    requireScalars(this.#indexed.scalar, after);
    this.#run(`UPDATE ${this.#table} SET doc = ? WHERE _id = ?`, [text, id], after);
    return true;
  }

  #delete(filter: JsonObject, limit: number): number {
    const ids = slice(this.#rows(this.#query(filter)), 0, limit).map((document) => String(document._id));
    const remove = this.#database.prepare(`DELETE FROM ${this.#table} WHERE _id = ?`);
    for (const id of ids) remove.run(id);
    return ids.length;
  }

  #first(filter: JsonObject): JsonObject | null {
    return slice(this.#rows(this.#query(filter)), 0, 1)[0] ?? null;
  }

  #run(sql: string, parameters: readonly string[], document: JsonObject): void {
    try {
      this.#database.prepare(sql).run(...parameters);
    } catch (error) {
      if (!isConstraint(error)) throw error;
      throw new DuplicateKeyError(this.#name, this.#indexNamedBy(error as Error), document, { cause: error });
    }
  }

  /** SQLite says which unique index refused: by its name, or by its column for `_id`. */
  #indexNamedBy({ message }: Error): IndexSpec {
    return this.#indexes.find((spec) => message.includes(`'${sqlIndexName(this.#name, spec)}'`)) ?? ID_INDEX;
  }
}

/** What lies from `start` up to `end`, reading no further than that. */
function slice<R>(rows: Iterable<R>, start: number, end: number): R[] {
  const kept: R[] = [];
  let index = 0;
  for (const row of rows) {
    if (index >= start) kept.push(row);
    index += 1;
    if (index >= end) break;
  }
  return kept;
}

function count(rows: Iterable<unknown>): number {
  let n = 0;
  for (const _ of rows) n += 1;
  return n;
}

const asJson = (document: StoredDocument): JsonObject => document as object as JsonObject;

function toReplacement(replacement: object): JsonObject {
  const sent = toWire(replacement);
  const operator = Object.keys(sent).find((field) => field.startsWith('$'));
  if (operator !== undefined) throw new AppError('BAD_USER_INPUT', `A replacement has no operators: ${operator}.`);
  return sent;
}

function addResult(counts: BulkCounts, result: UpdateResult): void {
  counts.matchedCount += result.matchedCount;
  counts.modifiedCount += result.modifiedCount;
  counts.upsertedCount += result.upsertedCount;
}

/** The first failure decides: a refusal of the document itself is told as it is. */
function bulkError(
  failures: readonly { readonly index: number; readonly error: unknown }[],
  counts: BulkCounts,
): Error {
  const first = failures[0]!.error;
  if (first instanceof AppError) return first;
  const writeErrors = failures.map(
    ({ index, error }): WriteError => ({
      index,
      code: error instanceof DuplicateKeyError ? error.code : undefined,
      errmsg: (error as Error).message,
    }),
  );
  return new BulkWriteError(writeErrors, counts, { cause: first });
}
