/**
 * The document store: the part of the MongoDB driver's `Collection` type that we use, so the driver's own class fits it.
 * Documents are JSON with a string `_id`; times are numbers (ms since the epoch) or RFC 3339 strings, never `Date`.
 * A filter's fields may be nested by dots; operators used: $eq $ne $in $nin $gt $gte $lt $lte $exists $and $or $not.
 * Updates used: $set $unset $inc $push $addToSet $pull $max $min $setOnInsert. Fields of an index hold scalars, never arrays.
 */
import type { Filter, UpdateFilter } from 'mongodb';

export type { Filter, UpdateFilter };

export interface StoredDocument {
  _id: string;
}

export type Sort = Readonly<Record<string, 1 | -1>>;

export interface FindOptions {
  readonly sort?: Sort;
  readonly limit?: number;
  readonly skip?: number;
}

export interface Cursor<T> extends AsyncIterable<T> {
  toArray(): Promise<T[]>;
}

/** One write of a `bulkWrite`. */
export type BulkWrite<T extends StoredDocument> =
  | { readonly insertOne: { readonly document: T } }
  | {
      readonly replaceOne: {
        readonly filter: Filter<T>;
        readonly replacement: Omit<T, '_id'>;
        readonly upsert?: boolean;
      };
    }
  | { readonly updateOne: { readonly filter: Filter<T>; readonly update: UpdateFilter<T>; readonly upsert?: boolean } }
  | { readonly deleteOne: { readonly filter: Filter<T> } };

export interface IndexOptions {
  readonly unique?: boolean;
  /** Only documents that have the field are in the index: `{ commandId: { $exists: true } }`. */
  readonly partialFilterExpression?: Readonly<Record<string, { readonly $exists: true }>>;
}

export interface Collection<T extends StoredDocument> {
  findOne(filter: Filter<T>, options?: FindOptions): Promise<T | null>;
  find(filter: Filter<T>, options?: FindOptions): Cursor<T>;
  countDocuments(filter?: Filter<T>): Promise<number>;
  insertOne(document: T): Promise<unknown>;
  replaceOne(
    filter: Filter<T>,
    replacement: Omit<T, '_id'>,
    options?: { readonly upsert?: boolean },
  ): Promise<{ matchedCount: number; upsertedCount: number }>;
  /** With `upsert` the filter or the update gives the new document's `_id`. */
  updateOne(
    filter: Filter<T>,
    update: UpdateFilter<T>,
    options?: { readonly upsert?: boolean },
  ): Promise<{ matchedCount: number; modifiedCount: number; upsertedCount: number }>;
  findOneAndUpdate(
    filter: Filter<T>,
    update: UpdateFilter<T>,
    options: { readonly returnDocument: 'before' | 'after'; readonly upsert?: boolean },
  ): Promise<T | null>;
  deleteOne(filter: Filter<T>): Promise<{ deletedCount: number }>;
  deleteMany(filter: Filter<T>): Promise<{ deletedCount: number }>;
  /**
   * At least one write. `ordered: true` stops at the first failure, and what came before it stays; `false` does all the others
   * and fails at the end. @throws duplicate key, with `writeErrors: { index }[]`
   */
  bulkWrite(writes: readonly BulkWrite<T>[], options: { readonly ordered: boolean }): Promise<unknown>;
  createIndex(keys: Readonly<Record<string, 1 | -1>>, options?: IndexOptions): Promise<string>;
}

export interface Store {
  collection<T extends StoredDocument>(name: string): Collection<T>;
  /** Whether the store answers; for readiness. @throws AppError UNAVAILABLE */
  ping(): Promise<void>;
  /** Idempotent. */
  close(): Promise<void>;
}

/** A write that a unique index refused: MongoDB's error 11000, in every adapter. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 11000;
}
