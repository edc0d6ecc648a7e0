/**
 * What goes over the embedded store's "wire": a copy of plain JSON, or a clear refusal. Owns which values a document may
 * hold; knows nothing of collections. Sizes in bytes of UTF-8.
 */
import { AppError } from '../../schema/errors.ts';

/** MongoDB's own limit for a document (there in BSON, here in JSON). */
const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;
/** MongoDB's own limit for nesting. */
const MAX_DEPTH = 100;

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [field: string]: Json;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const bad = (detail: string): AppError => new AppError('BAD_USER_INPUT', detail);

/**
 * A deep copy as the driver would send it: undefined fields are dropped, unpaired surrogates become U+FFFD.
 * @throws AppError BAD_USER_INPUT for what is not JSON (Date, NaN, bigint, a class's instance) and over 100 levels
 */
export function toWire(document: object): JsonObject {
  return copyObject(document, '', 1);
}

function copyObject(value: object, path: string, depth: number): JsonObject {
  if (Array.isArray(value) || !isPlain(value)) {
    throw bad(`Not a plain object${at(path)}: ${Object.prototype.toString.call(value)}.`);
  }
  if (depth > MAX_DEPTH) throw bad(`More than ${MAX_DEPTH} levels deep${at(path)}.`);
  const copy: JsonObject = {};
  for (const [field, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    if (field.includes('\0')) throw bad(`A field's name has a NUL${at(path)}.`);
    const sent = copyValue(inner, path === '' ? field : `${path}.${field}`, depth);
    // Assigning to this name would set the prototype instead.
    if (field === '__proto__') Object.defineProperty(copy, field, { value: sent, enumerable: true });
    else copy[field.toWellFormed()] = sent;
  }
  return copy;
}

/** Made by `{}`, in whichever realm (structuredClone and test runners have their own), or without prototype. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function copyValue(value: unknown, path: string, depth: number): Json {
  switch (typeof value) {
    case 'string':
      return value.toWellFormed();
    case 'number':
      if (!Number.isFinite(value)) throw bad(`Not a finite number${at(path)}.`);
      return value;
    case 'boolean':
      return value;
    case 'object':
      if (value === null) return null;
      if (!Array.isArray(value)) return copyObject(value, path, depth + 1);
      if (depth >= MAX_DEPTH) throw bad(`More than ${MAX_DEPTH} levels deep${at(path)}.`);
      return value.map((item) => (item === undefined ? null : copyValue(item, path, depth + 1)));
    default:
      throw bad(`A ${typeof value} cannot be stored${at(path)}.`);
  }
}

const at = (path: string): string => (path === '' ? '' : ` at "${path}"`);

/** A document on its way into the store: what was checked, and its text as stored. */
export interface Encoded {
  readonly id: string;
  /** As JSON, `_id` first. */
  readonly text: string;
  /** To look at only; it may be the caller's own. */
  readonly document: JsonObject;
}

/** The fields of a document but `_id`, as stored; made once, for whichever document they will be. */
export interface EncodedFields {
  readonly id: Json | undefined;
  readonly text: string;
  readonly document: JsonObject;
}

/**
 * Checks as `toWire` does and writes the text, which is the copy: none is made in memory.
 * @throws AppError BAD_USER_INPUT as `toWire`
 */
export function encodeFields(document: object): EncodedFields {
  const sent = isWellFormed(document, '', 1) ? (document as JsonObject) : toWire(document);
  if (!Object.hasOwn(sent, '_id')) return { id: undefined, text: JSON.stringify(sent), document: sent };
  const { _id: id, ...fields } = sent;
  return { id, text: JSON.stringify(fields), document: sent };
}

/** @throws AppError BAD_USER_INPUT without a string `_id`, or when too large */
export function withId(fields: EncodedFields, id: Json | undefined): Encoded {
  const head = `{"_id":${JSON.stringify(id)}`;
  return encoded(id, fields.text === '{}' ? `${head}}` : `${head},${fields.text.slice(1)}`, fields.document);
}

/** @throws AppError BAD_USER_INPUT for what is not JSON, without a string `_id`, or when too large */
export function encode(document: object): Encoded {
  const sent = isWellFormed(document, '', 1) ? (document as JsonObject) : toWire(document);
  for (const first in sent) {
    if (first === '_id') return encoded(sent._id, JSON.stringify(sent), sent);
    break;
  }
  const { _id: id, ...fields } = sent;
  return withId({ id, text: JSON.stringify(fields), document: sent }, id);
}

function encoded(id: Json | undefined, text: string, document: JsonObject): Encoded {
  if (typeof id !== 'string') throw bad('A document needs a string _id.');
  if (
    text.length > MAX_DOCUMENT_BYTES ||
    (text.length * 3 > MAX_DOCUMENT_BYTES && sizeBytes(text) > MAX_DOCUMENT_BYTES)
  ) {
    throw bad(`The document is larger than ${MAX_DOCUMENT_BYTES} bytes.`);
  }
  return { id, text, document };
}

/** Names that need no second look: documents of a collection have the same few. Bounded against invented ones. */
const plainNames = new Set<string>();
const MAX_PLAIN_NAMES = 1_000;

/** False where the name needs mending or care. @throws AppError BAD_USER_INPUT for one with a NUL */
function isPlainName(field: string, path: string): boolean {
  if (field.includes('\0')) throw bad(`A field's name has a NUL${at(path)}.`);
  if (!field.isWellFormed() || field === '__proto__') return false;
  if (plainNames.size < MAX_PLAIN_NAMES) plainNames.add(field);
  return true;
}

/** False where a string needs mending. @throws AppError BAD_USER_INPUT as `toWire` */
function isWellFormed(value: object, path: string, depth: number): boolean {
  if (Array.isArray(value) || !isPlain(value)) return toWire(value) === undefined; // which refuses it in its own words
  if (depth > MAX_DEPTH) throw bad(`More than ${MAX_DEPTH} levels deep${at(path)}.`);
  for (const field in value) {
    if (!plainNames.has(field) && !isPlainName(field, path)) return false;
    const inner = (value as Record<string, unknown>)[field];
    if (inner !== undefined && !isValueWellFormed(inner, path, field, depth)) return false;
  }
  return true;
}

function isValueWellFormed(value: unknown, parent: string, field: string, depth: number): boolean {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed();
    case 'number':
      return Number.isFinite(value) || copyValue(value, joined(parent, field), depth) === undefined;
    case 'boolean':
      return true;
    case 'object':
      if (value === null) return true;
      if (!Array.isArray(value)) return isWellFormed(value, joined(parent, field), depth + 1);
      if (depth >= MAX_DEPTH) throw bad(`More than ${MAX_DEPTH} levels deep${at(joined(parent, field))}.`);
      for (const item of value) {
        if (item === null || item === undefined || typeof item === 'boolean') continue;
        if (typeof item === 'number' && Number.isFinite(item)) continue;
        if (!isValueWellFormed(item, parent, field, depth + (typeof item === 'object' ? 1 : 0))) return false;
      }
      return true;
    default:
      return copyValue(value, joined(parent, field), depth) === undefined; // which refuses it
  }
}

const joined = (parent: string, field: string): string => (parent === '' ? field : `${parent}.${field}`);

const sizeBytes = (text: string): number => Buffer.byteLength(text);
