/**
 * Indexes of the embedded store as SQL. Every indexed field becomes two expressions over the JSON text: the rank of its type
 * and its value, so that order, equality and uniqueness are MongoDB's (1, "1" and true differ; missing is null).
 * SQLite uses an expression index only where a query repeats the expression letter by letter: all come from here.
 */
import { AppError } from '../../schema/errors.ts';
import type { IndexOptions } from '../ports/store.ts';
import { TYPE_RANK } from './embedded-store-values.ts';
import { isObject, type Json, type JsonObject } from './embedded-store-wire.ts';

export interface IndexSpec {
  readonly name: string;
  readonly keys: Readonly<Record<string, 1 | -1>>;
  readonly unique: boolean;
  /** Fields that a document must have to be in the index. */
  readonly present: readonly string[];
}

// Field names go into SQL text; these need no escaping.
const INDEXABLE = /^[A-Za-z_][\w-]*(\.[\w-]+)*$/;

/** @throws AppError BAD_USER_INPUT for names or options an index cannot have */
export function indexSpec(keys: Readonly<Record<string, 1 | -1>>, options: IndexOptions = {}): IndexSpec {
  const present = Object.entries(options.partialFilterExpression ?? {}).map(([field, condition]) => {
    if (condition.$exists !== true || Object.keys(condition).length !== 1) {
      throw new AppError('BAD_USER_INPUT', `A partial index takes { $exists: true } only, not on "${field}".`);
    }
    return field;
  });
  const fields = Object.entries(keys);
  if (fields.length === 0) throw new AppError('BAD_USER_INPUT', 'An index needs a field.');
  for (const [field, direction] of fields) {
    if (direction !== 1 && direction !== -1) throw new AppError('BAD_USER_INPUT', `Index "${field}" by 1 or -1.`);
  }
  for (const field of [...Object.keys(keys), ...present]) {
    if (!INDEXABLE.test(field)) throw new AppError('BAD_USER_INPUT', `"${field}" cannot be indexed.`);
  }
  const name = fields.map(([field, direction]) => `${field}_${direction}`).join('_');
  return { name, keys, unique: options.unique ?? false, present };
}

const jsonPath = (field: string): string =>
  `'$${field
    .split('.')
    .map((part) => `."${part}"`)
    .join('')}'`;

const { null: NULL, number: NUMBER, string: STRING, object: OBJECT, array: ARRAY, boolean: BOOLEAN } = TYPE_RANK;

/** The rank of a field's type, as `typeRank`. */
export const rankSql = (field: string): string =>
  `CASE json_type(doc, ${jsonPath(field)}) WHEN 'text' THEN ${STRING} WHEN 'integer' THEN ${NUMBER}` +
  ` WHEN 'real' THEN ${NUMBER} WHEN 'true' THEN ${BOOLEAN} WHEN 'false' THEN ${BOOLEAN} WHEN 'object' THEN ${OBJECT}` +
  ` WHEN 'array' THEN ${ARRAY} ELSE ${NULL} END`;

/** A field's value; 0 for null and missing, because SQLite would hold two NULLs for different in a unique index. */
export const valueSql = (field: string): string => `coalesce(json_extract(doc, ${jsonPath(field)}), 0)`;

/** Whether the field is there, be it null. */
export const presentSql = (field: string): string => `json_type(doc, ${jsonPath(field)}) IS NOT NULL`;

/** Terms (without the words) to order by one field; by value alone where all are of one type. */
export function orderSql(field: string, direction: 1 | -1, oneType = false): string {
  const suffix = direction === 1 ? '' : ' DESC';
  if (field === '_id') return `_id${suffix}`;
  return oneType ? `${valueSql(field)}${suffix}` : `${rankSql(field)}${suffix}, ${valueSql(field)}${suffix}`;
}

export const sqlIndexName = (collection: string, spec: IndexSpec): string => `ix_${collection}_${spec.name}`;

export function createIndexSql(collection: string, table: string, spec: IndexSpec): string {
  const columns = Object.entries(spec.keys).map(([field, direction]) => orderSql(field, direction));
  const where = spec.present.length === 0 ? '' : ` WHERE ${spec.present.map(presentSql).join(' AND ')}`;
  const unique = spec.unique ? 'UNIQUE ' : '';
  return `CREATE ${unique}INDEX "${sqlIndexName(collection, spec)}" ON ${table} (${columns.join(', ')})${where}`;
}

/** What a document holds in the index's fields; for messages. */
export const keyValue = (spec: IndexSpec, document: JsonObject): Record<string, Json> =>
  Object.fromEntries(Object.keys(spec.keys).map((field) => [field, scalarAt(document, field) ?? null]));

/** @throws AppError BAD_USER_INPUT where one of the fields is, or lies in, an array or is an object */
export function requireScalars(fields: Iterable<string>, document: JsonObject): void {
  for (const field of fields) scalarAt(document, field);
}

function scalarAt(document: JsonObject, field: string): Json | undefined {
  let value: Json | undefined = document;
  for (const part of field.split('.')) {
    if (Array.isArray(value)) break;
    value = isObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  }
  if (Array.isArray(value) || isObject(value)) {
    const what = Array.isArray(value) ? 'an array' : 'an object';
    throw new AppError('BAD_USER_INPUT', `Field "${field}" is indexed and holds ${what} in "${document._id}".`);
  }
  return value;
}
