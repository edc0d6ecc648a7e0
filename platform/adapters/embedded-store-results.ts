/** What the embedded store answers and how it says no, with the field names of MongoDB's driver. */
import type { IndexSpec } from './embedded-store-index.ts';
import { keyValue } from './embedded-store-index.ts';
import type { Json, JsonObject } from './embedded-store-wire.ts';

/** MongoDB's code for a write that a unique index refused. */
const DUPLICATE_KEY = 11000;

/** A unique index refused the write; see `isDuplicateKey` in the port. */
export class DuplicateKeyError extends Error {
  override readonly name = 'DuplicateKeyError';
  readonly code = DUPLICATE_KEY;
  readonly keyPattern: Readonly<Record<string, 1 | -1>>;
  readonly keyValue: Readonly<Record<string, Json>>;

  /** @param document null: unknown, where an index was to be made over documents that exist */
  constructor(collection: string, index: IndexSpec, document: JsonObject | null, options?: ErrorOptions) {
    const key = document === null ? {} : keyValue(index, document);
    super(
      `E${DUPLICATE_KEY} duplicate key error collection: ${collection} index: ${index.name} dup key: ${JSON.stringify(key)}`,
      options,
    );
    this.keyPattern = index.keys;
    this.keyValue = key;
  }
}

export interface WriteError {
  /** Place of the write in the list given. */
  readonly index: number;
  readonly code: number | undefined;
  readonly errmsg: string;
}

export interface BulkCounts {
  insertedCount: number;
  matchedCount: number;
  modifiedCount: number;
  deletedCount: number;
  upsertedCount: number;
}

/** Some writes of a `bulkWrite` failed; `code` is the first failure's, `result` counts what was written. */
export class BulkWriteError extends Error {
  override readonly name = 'BulkWriteError';
  readonly code: number | undefined;
  readonly writeErrors: readonly WriteError[];
  readonly result: BulkCounts;

  constructor(writeErrors: readonly WriteError[], result: BulkCounts, options: ErrorOptions) {
    super(writeErrors[0]?.errmsg, options);
    this.code = writeErrors[0]?.code;
    this.writeErrors = writeErrors;
    this.result = result;
  }
}

export interface UpdateResult {
  readonly acknowledged: true;
  readonly matchedCount: number;
  readonly modifiedCount: number;
  readonly upsertedCount: number;
  readonly upsertedId: string | null;
}

export const updateResult = (matchedCount: number, modifiedCount: number, upsertedId: string | null): UpdateResult => ({
  acknowledged: true,
  matchedCount,
  modifiedCount,
  upsertedCount: upsertedId === null ? 0 : 1,
  upsertedId,
});
