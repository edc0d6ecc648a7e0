/**
 * The document store in one SQLite file, for one machine: same port, same promises as MongoDB. Several processes may have the
 * file open. A write survives the death of the process; the last ones may not survive a loss of power (synchronous=NORMAL).
 */
import { AppError } from '../../schema/errors.ts';
import type { Collection, Store, StoredDocument } from '../ports/store.ts';
import { EmbeddedCollection } from './embedded-store-collection.ts';
import { StoreDatabase } from './embedded-store-database.ts';

/** Lower case only: table names do not differ by case. */
const COLLECTION_NAME = /^[a-z][a-z0-9_]{0,62}$/;

export class EmbeddedStore implements Store {
  readonly #database: StoreDatabase;
  readonly #collections = new Map<string, EmbeddedCollection<StoredDocument>>();

  /** Opens the file, or makes it; its folder must exist. @throws AppError UNAVAILABLE */
  static open({ path }: { readonly path: string }): EmbeddedStore {
    return new EmbeddedStore(new StoreDatabase(path));
  }

  private constructor(database: StoreDatabase) {
    this.#database = database;
  }

  /** @throws AppError BAD_USER_INPUT for a name that is not lower case letters, digits and underscores */
  collection<T extends StoredDocument>(name: string): Collection<T> {
    if (!COLLECTION_NAME.test(name)) throw new AppError('BAD_USER_INPUT', `"${name}" cannot name a collection.`);
    const known = this.#collections.get(name) ?? new EmbeddedCollection<StoredDocument>(name, this.#database);
    this.#collections.set(name, known);
    return known as Collection<StoredDocument> as object as Collection<T>;
  }

  async ping(): Promise<void> {
    this.#database.guard(() => this.#database.prepare('SELECT count(*) FROM store_indexes').get());
  }

  async close(): Promise<void> {
    this.#database.close();
  }
}
