/**
 * A collection's table: `_id` and the document as JSON, and its indexes. Owns all SQL on documents; what an update or an upsert
 * means is the collection's business. Methods that write must be called within `writing`.
 */
import { AppError } from '../../schema/errors.ts';
import type { Sort } from '../ports/store.ts';
import { isConstraint, type StoreDatabase } from './embedded-store-database.ts';
import { compileFilter, type Predicate } from './embedded-store-filter.ts';
import { createIndexSql, type IndexSpec, requireScalars, sqlIndexName } from './embedded-store-index.ts';
import { type IndexedFields, type Plan, planFilter } from './embedded-store-plan.ts';
import { DuplicateKeyError } from './embedded-store-results.ts';
import type { Encoded, JsonObject } from './embedded-store-wire.ts';

const ID_INDEX: IndexSpec = { name: '_id_', keys: { _id: 1 }, unique: true, present: [] };

/** How many documents `pages` reads at a time. */
const PAGE = 500;

/** A filter made ready: looked for with SQL, and, where SQL is not exact, tested again. */
export interface Query {
  readonly plan: Plan;
  readonly test: Predicate | null;
}

/** A document as the table holds it. */
export interface Stored {
  readonly id: string;
  readonly text: string;
}

export class DocumentTable {
  readonly #collection: string;
  readonly #table: string;
  readonly #database: StoreDatabase;
  #exists = false;
  #indexes: readonly IndexSpec[] = [];
  #indexed: IndexedFields = { scalar: new Set(), partial: new Set() };

  /** @param collection lower case letters, digits and underscores, as `EmbeddedStore` has checked */
  constructor(collection: string, database: StoreDatabase) {
    this.#collection = collection;
    this.#table = `"c_${collection}"`;
    this.#database = database;
  }

  reading<R>(work: () => R): R {
    return this.#database.guard(() => {
      this.#create();
      this.#refreshIndexes();
      return work();
    });
  }

  /** All or nothing of what `work` writes, and nobody else writes meanwhile. */
  writing<R>(work: () => R): R {
    // Apart from the transaction, which may be undone.
    this.#database.guard(() => this.#create());
    return this.#database.transaction(() => {
      this.#refreshIndexes();
      return work();
    });
  }

  query(filter: JsonObject, sort: Sort = {}): Query {
    const plan = planFilter(filter, sort, this.#indexed);
    const test = compileFilter(filter);
    return { plan, test: plan.exact ? null : test };
  }

  /** The documents a query matches, read as they are taken; to be taken at once, before anything else is asked. */
  *rows({ plan, test }: Query): Generator<JsonObject> {
    for (const { doc } of this.#database.prepare(this.#select(plan)).iterate(...plan.parameters)) {
      const document = JSON.parse(doc as string) as JsonObject;
      if (test === null || test(document)) yield document;
    }
  }

  /** How many documents a query matches. */
  count(query: Query): number {
    if (query.test === null) {
      const counting = this.#database.prepare(`SELECT count(*) AS n FROM ${this.#table}${query.plan.where}`);
      return Number(counting.get(...query.plan.parameters)!.n);
    }
    let n = 0;
    for (const _ of this.rows(query)) n += 1;
    return n;
  }

  /** All documents in pages, each page read at once: no read stays open while the caller works. */
  *pages(): Generator<JsonObject[]> {
    let after = 0;
    for (;;) {
      const rows = this.reading(() =>
        this.#database
          .prepare(`SELECT rowid AS n, doc FROM ${this.#table} WHERE rowid > ? ORDER BY rowid LIMIT ${PAGE}`)
          .all(after),
      );
      if (rows.length === 0) return;
      after = Number(rows.at(-1)!.n);
      yield rows.map((row) => JSON.parse(row.doc as string) as JsonObject);
    }
  }

  /** SQLite's own words on how it would look for a query's documents, a line per step. */
  explain({ plan }: Query): string[] {
    const steps = this.#database.prepare(`EXPLAIN QUERY PLAN ${this.#select(plan)}`).all(...plan.parameters);
    return steps.map(({ detail }) => String(detail));
  }

  /** The first document a query matches, as stored; parsed only where SQL cannot tell. */
  first({ plan, test }: Query): Stored | null {
    const { sql: sure, parameters } = plan.sure ?? { sql: 'NULL', parameters: [] };
    const select = this.#database.prepare(
      `SELECT _id, doc, ${sure} AS sure FROM ${this.#table}${plan.where}${plan.order ?? ''}`,
    );
    for (const row of select.iterate(...parameters, ...plan.parameters)) {
      const text = row.doc as string;
      if (test === null || row.sure === 1 || test(JSON.parse(text) as JsonObject))
        return { id: row._id as string, text };
    }
    return null;
  }

  /** Gives the `_id`. @throws DuplicateKeyError; AppError BAD_USER_INPUT for what cannot be stored */
  insert({ id, text, document }: Encoded): string {
    requireScalars(this.#indexed.scalar, document);
    this.#run(`INSERT INTO ${this.#table} (_id, doc) VALUES (?, ?)`, [id, text], document);
    return id;
  }

  /** Writes the new state of a document; says whether it differs. @throws as `insert` */
  change(before: Stored, { id, text, document }: Encoded): boolean {
    if (id !== before.id) throw new AppError('BAD_USER_INPUT', 'A document keeps its _id.');
    if (text === before.text) return false;
    requireScalars(this.#indexed.scalar, document);
    this.#run(`UPDATE ${this.#table} SET doc = ? WHERE _id = ?`, [text, id], document);
    return true;
  }

  remove(id: string): void {
    this.#database.prepare(`DELETE FROM ${this.#table} WHERE _id = ?`).run(id);
  }

  /** @throws DuplicateKeyError; AppError BAD_USER_INPUT for fields that hold no scalars, or a different index of that name */
  createIndex(spec: IndexSpec): void {
    const existing = this.#indexes.find(({ name }) => name === spec.name);
    if (existing) {
      if (JSON.stringify(existing) === JSON.stringify(spec)) return;
      throw new AppError('BAD_USER_INPUT', `Index ${spec.name} of ${this.#collection} exists with other options.`);
    }
    const fields = [...Object.keys(spec.keys), ...spec.present];
    for (const page of this.pages()) for (const document of page) requireScalars(fields, document);
    try {
      this.#database.prepare(createIndexSql(this.#collection, this.#table, spec)).run();
    } catch (error) {
      if (!isConstraint(error)) throw error;
      throw new DuplicateKeyError(this.#collection, spec, null, { cause: error });
    }
    this.#database
      .prepare('INSERT INTO store_indexes (collection, name, spec) VALUES (?, ?, ?)')
      .run(this.#collection, spec.name, JSON.stringify(spec));
  }

  #create(): void {
    if (this.#exists) return;
    this.#database
      .prepare(`CREATE TABLE IF NOT EXISTS ${this.#table} (_id TEXT NOT NULL PRIMARY KEY, doc TEXT NOT NULL)`)
      .run();
    this.#exists = true;
  }

  /** Learns of indexes that others have made since. */
  #refreshIndexes(): void {
    const indexes = this.#database.indexesOf(this.#collection);
    if (indexes === this.#indexes) return;
    this.#indexes = indexes;
    this.#indexed = {
      scalar: new Set(indexes.flatMap(({ keys, present }) => [...Object.keys(keys), ...present])),
      partial: new Set(indexes.flatMap(({ present }) => present)),
    };
  }

  #select({ where, order }: Plan): string {
    return `SELECT doc FROM ${this.#table}${where}${order ?? ''}`;
  }

  #run(sql: string, parameters: readonly string[], document: JsonObject): void {
    try {
      this.#database.prepare(sql).run(...parameters);
    } catch (error) {
      if (!isConstraint(error)) throw error;
      throw new DuplicateKeyError(this.#collection, this.#indexNamedBy(error as Error), document, { cause: error });
    }
  }

  /** SQLite says which unique index refused: by its name, or by its column for `_id`. */
  #indexNamedBy({ message }: Error): IndexSpec {
    return this.#indexes.find((spec) => message.includes(`'${sqlIndexName(this.#collection, spec)}'`)) ?? ID_INDEX;
  }
}
