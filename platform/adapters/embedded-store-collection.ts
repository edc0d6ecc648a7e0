/**
 * The port's `Collection` over a table of JSON: copies what comes in, does it, answers as the driver does. Owns what updates,
 * upserts, bulk writes and cursors mean; SQL is the table's business. Results of `find` are read in whole when asked for,
 * but for a walk over an entire collection, which goes by pages.
 */
import type { Filter, UpdateFilter } from 'mongodb';
import { AppError } from '../../schema/errors.ts';
import type { BulkWrite, Collection, Cursor, FindOptions, IndexOptions, StoredDocument } from '../ports/store.ts';
import type { StoreDatabase } from './embedded-store-database.ts';
import { indexSpec } from './embedded-store-index.ts';
import {
  type BulkCounts,
  BulkWriteError,
  DuplicateKeyError,
  type UpdateResult,
  updateResult,
  type WriteError,
} from './embedded-store-results.ts';
import { DocumentTable } from './embedded-store-table.ts';
import { applyUpdate, seedOf } from './embedded-store-update.ts';
import { sortDocuments } from './embedded-store-values.ts';
import { type EncodedFields, encode, encodeFields, type JsonObject, toWire, withId } from './embedded-store-wire.ts';

export class EmbeddedCollection<T extends StoredDocument> implements Collection<T> {
  readonly #table: DocumentTable;

  /** @param name lower case letters, digits and underscores, as `EmbeddedStore` has checked */
  constructor(name: string, database: StoreDatabase) {
    this.#table = new DocumentTable(name, database);
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
    const pages = (): Iterable<JsonObject[]> => this.#table.pages();
    return {
      toArray: async () => read(),
      async *[Symbol.asyncIterator]() {
        if (!whole) yield* read();
        else for (const page of pages()) yield* page as object[] as T[];
      },
    };
  }

  async countDocuments(filter: Filter<T> = {}): Promise<number> {
    const sent = toWire(filter);
    return this.#table.reading(() => this.#table.count(this.#table.query(sent)));
  }

  async insertOne(document: T): Promise<{ acknowledged: true; insertedId: string }> {
    const sent = encode(document);
    return this.#table.writing(() => ({ acknowledged: true, insertedId: this.#table.insert(sent) }));
  }

  async replaceOne(
    filter: Filter<T>,
    replacement: Omit<T, '_id'>,
    options: { readonly upsert?: boolean } = {},
  ): Promise<UpdateResult> {
    const sent = toWire(filter);
    const next = toReplacement(replacement);
    return this.#table.writing(() => this.#replace(sent, next, options.upsert ?? false));
  }

  async updateOne(
    filter: Filter<T>,
    update: UpdateFilter<T>,
    options: { readonly upsert?: boolean } = {},
  ): Promise<UpdateResult> {
    const sent = toWire(filter);
    const change = toWire(update);
    return this.#table.writing(() => this.#update(sent, change, options.upsert ?? false).result);
  }

  async findOneAndUpdate(
    filter: Filter<T>,
    update: UpdateFilter<T>,
    options: { readonly returnDocument: 'before' | 'after'; readonly upsert?: boolean },
  ): Promise<T | null> {
    const sent = toWire(filter);
    const change = toWire(update);
    const { before, after } = this.#table.writing(() => this.#update(sent, change, options.upsert ?? false));
    return (options.returnDocument === 'after' ? after : before) as T | null;
  }

  async deleteOne(filter: Filter<T>): Promise<{ acknowledged: true; deletedCount: number }> {
    const sent = toWire(filter);
    return this.#table.writing(() => ({ acknowledged: true, deletedCount: this.#delete(sent, 1) }));
  }

  async deleteMany(filter: Filter<T>): Promise<{ acknowledged: true; deletedCount: number }> {
    const sent = toWire(filter);
    return this.#table.writing(() => ({
      acknowledged: true,
      deletedCount: this.#delete(sent, Number.POSITIVE_INFINITY),
    }));
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
    this.#table.writing(() => {
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
    if (spec.name === '_id_1') return '_id_';
    this.#table.writing(() => this.#table.createIndex(spec));
    return spec.name;
  }

  /** SQLite's own words on how it would look for the filter, a line per step; for tests and for the curious. */
  explain(filter: Filter<T>, { sort = {} }: FindOptions = {}): string[] {
    const sent = toWire(filter);
    return this.#table.reading(() => this.#table.explain(this.#table.query(sent, sort)));
  }

  // Reading

  #read(filter: Filter<T> | JsonObject, { sort = {}, limit = 0, skip = 0 }: FindOptions): T[] {
    for (const [name, value] of Object.entries({ limit, skip })) {
      if (!Number.isInteger(value) || value < 0) throw new AppError('BAD_USER_INPUT', `${name} is ${value}.`);
    }
    const sent = toWire(filter);
    return this.#table.reading(() => {
      const query = this.#table.query(sent, sort);
      const end = limit === 0 ? Number.POSITIVE_INFINITY : skip + limit;
      const documents =
        query.plan.order === null
          ? sortDocuments([...this.#table.rows(query)], sort).slice(skip, end)
          : slice(this.#table.rows(query), skip, end);
      return documents as object[] as T[];
    });
  }

  // Writing

  /** A write of `bulkWrite`, checked and copied, to be done later. */
  #step(write: BulkWrite<T>): (counts: BulkCounts) => void {
    if ('insertOne' in write) {
      const document = encode(write.insertOne.document);
      return (counts) => {
        this.#table.insert(document);
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

  #replace(filter: JsonObject, replacement: EncodedFields, upsert: boolean): UpdateResult {
    const before = this.#table.first(this.#table.query(filter));
    if (before) {
      const modified = this.#table.change(before, withId(replacement, replacement.id ?? before.id));
      return updateResult(1, modified ? 1 : 0, null);
    }
    if (!upsert) return updateResult(0, 0, null);
    return updateResult(0, 0, this.#table.insert(withId(replacement, replacement.id ?? seedOf(filter)._id)));
  }

  #update(
    filter: JsonObject,
    update: JsonObject,
    upsert: boolean,
  ): { readonly before: JsonObject | null; readonly after: JsonObject | null; readonly result: UpdateResult } {
    const stored = this.#table.first(this.#table.query(filter));
    if (stored) {
      const after = JSON.parse(stored.text) as JsonObject;
      applyUpdate(after, update, false);
      const modified = this.#table.change(stored, encode(after));
      return { before: JSON.parse(stored.text) as JsonObject, after, result: updateResult(1, modified ? 1 : 0, null) };
    }
    if (!upsert) return { before: null, after: null, result: updateResult(0, 0, null) };
    const after = seedOf(filter);
    applyUpdate(after, update, true);
    const id = this.#table.insert(encode(after));
    return { before: null, after, result: updateResult(0, 0, id) };
  }

  #delete(filter: JsonObject, limit: number): number {
    const ids = slice(this.#table.rows(this.#table.query(filter)), 0, limit).map((document) => String(document._id));
    for (const id of ids) this.#table.remove(id);
    return ids.length;
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

function toReplacement(replacement: object): EncodedFields {
  const sent = encodeFields(replacement);
  const operator = Object.keys(sent.document).find((field) => field.startsWith('$'));
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
