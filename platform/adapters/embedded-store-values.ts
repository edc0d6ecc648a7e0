/**
 * How MongoDB sees values: what a dotted path reaches, how any two values compare, how documents sort. Pure.
 * Source: MongoDB manual, "Comparison/Sort Order", "Query an Array", "Query for Null or Missing Fields".
 */
import type { Sort } from '../ports/store.ts';
import { isObject, type Json, type JsonObject } from './embedded-store-wire.ts';

/** A value a path reached; undefined where the document has nothing there. */
export type Reached = Json | undefined;

/** MongoDB's order of types; missing counts as null. An empty array as sort key comes before all of them. */
export const TYPE_RANK = { null: 1, number: 2, string: 3, object: 4, array: 5, boolean: 8 } as const;

export function typeRank(value: Reached): number {
  if (value === null || value === undefined) return TYPE_RANK.null;
  if (Array.isArray(value)) return TYPE_RANK.array;
  return TYPE_RANK[typeof value as 'number' | 'string' | 'object' | 'boolean'];
}

/** Order over all values: by type, then within it; strings by their UTF-8 bytes, objects field by field as they stand. */
export function compareValues(a: Reached, b: Reached): number {
  const byType = typeRank(a) - typeRank(b);
  if (byType !== 0) return byType;
  if (typeof a === 'string') return compareStrings(a, b as string);
  if (typeof a === 'number' || typeof a === 'boolean') return Number(a) - Number(b);
  if (Array.isArray(a)) return compareArrays(a, b as Json[]);
  return isObject(a) ? compareObjects(a, b as JsonObject) : 0;
}

function compareArrays(a: readonly Json[], b: readonly Json[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const order = compareValues(a[index], b[index]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareObjects(a: JsonObject, b: JsonObject): number {
  const left = Object.entries(a);
  const right = Object.entries(b);
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const [aField, aValue] = left[index]!;
    const [bField, bValue] = right[index]!;
    const order =
      typeRank(aValue) - typeRank(bValue) || compareStrings(aField, bField) || compareValues(aValue, bValue);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** UTF-8 order is code point order; JavaScript's `<` goes by UTF-16 units and differs from U+E000 on. */
function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const shorter = Math.min(a.length, b.length);
  for (let index = 0; index < shorter; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return codePointWeight(left) - codePointWeight(right);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above U+FFFF, so they go after all other units. */
const codePointWeight = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);

/** All values a filter on `path` looks at: through arrays of objects, an array's elements, and the array itself. */
export function valuesAt(document: JsonObject, path: readonly string[]): Reached[] {
  const reached: Reached[] = [];
  reach(document, path, 0, reached);
  return reached;
}

function reach(value: Reached, path: readonly string[], depth: number, reached: Reached[]): void {
  const field = path[depth];
  if (field === undefined) {
    if (Array.isArray(value)) reached.push(...value);
    reached.push(value);
  } else if (Array.isArray(value)) {
    value.forEach((element, index) => {
      if (isObject(element)) reach(element, path, depth, reached);
      if (String(index) !== field) return;
      // An array that an index leads to is looked at as a whole.
      if (depth + 1 === path.length) reached.push(element);
      else reach(element, path, depth + 1, reached);
    });
  } else if (isObject(value) && Object.hasOwn(value, field)) {
    reach(value[field], path, depth + 1, reached);
  } else {
    reached.push(undefined);
  }
}

/** Sorts in place; an array sorts by its least element upwards and by its greatest downwards. */
export function sortDocuments<T extends JsonObject>(documents: T[], sort: Sort): T[] {
  const keys = Object.entries(sort).map(([field, direction]) => ({ path: field.split('.'), direction }));
  const keyed = documents.map((document) => ({
    document,
    key: keys.map(({ path, direction }) => sortKey(document, path, direction)),
  }));
  keyed.sort((a, b) => {
    for (const [index, { direction }] of keys.entries()) {
      const order = compareSortKeys(a.key[index]!, b.key[index]!);
      if (order !== 0) return order * direction;
    }
    return 0;
  });
  return keyed.map(({ document }, index) => {
    documents[index] = document;
    return document;
  });
}

/** `empty`: an empty array, which sorts before null. */
type SortKey = { readonly value: Reached } | 'empty';

function compareSortKeys(a: SortKey, b: SortKey): number {
  if (a === 'empty' || b === 'empty') return Number(b === 'empty') - Number(a === 'empty');
  return compareValues(a.value, b.value);
}

function sortKey(document: JsonObject, path: readonly string[], direction: 1 | -1): SortKey {
  const candidates: SortKey[] = [];
  reachSortKeys(document, path, 0, candidates);
  return candidates.reduce((best, next) => (compareSortKeys(next, best) * direction < 0 ? next : best));
}

function reachSortKeys(value: Reached, path: readonly string[], depth: number, keys: SortKey[]): void {
  const field = path[depth];
  if (field === undefined) {
    if (!Array.isArray(value)) keys.push({ value });
    else if (value.length === 0) keys.push('empty');
    else keys.push(...value.map((element) => ({ value: element })));
  } else if (Array.isArray(value)) {
    const byIndex = /^\d+$/.test(field) ? value[Number(field)] : undefined;
    if (byIndex !== undefined) reachSortKeys(byIndex, path, depth + 1, keys);
    else if (value.length === 0) keys.push({ value: undefined });
    else for (const element of value) reachSortKeys(isObject(element) ? element : null, path, depth, keys);
  } else {
    const inner = isObject(value) && Object.hasOwn(value, field) ? value[field] : undefined;
    if (inner === undefined) keys.push({ value: undefined });
    else reachSortKeys(inner, path, depth + 1, keys);
  }
}
