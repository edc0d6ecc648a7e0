/**
 * What goes over the embedded store's "wire": a copy of plain JSON, or a clear refusal. Owns which values a document may
 * hold; knows nothing of collections. Sizes in bytes of UTF-8.
 */
import { AppError } from '../../schema/errors.ts';

/** MongoDB's own limit for a document (there in BSON, here in JSON). */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;
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

/**
 * A document as stored, `_id` first.
 * @throws AppError BAD_USER_INPUT without a string `_id`, or when too large
 */
export function encode(document: JsonObject): { readonly id: string; readonly text: string } {
  const { _id: id, ...fields } = document;
  if (typeof id !== 'string') throw bad('A document needs a string _id.');
  const text = JSON.stringify({ _id: id, ...fields });
  if (
    text.length > MAX_DOCUMENT_BYTES ||
    (text.length * 3 > MAX_DOCUMENT_BYTES && sizeBytes(text) > MAX_DOCUMENT_BYTES)
  ) {
    throw bad(`The document is larger than ${MAX_DOCUMENT_BYTES} bytes.`);
  }
  return { id, text };
}

const sizeBytes = (text: string): number => Buffer.byteLength(text);
