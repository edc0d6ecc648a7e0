/** Objects as subgraphs send them, and putting two of them together. Data is never trusted to have safe keys. */

export type JsonObject = Record<string, unknown>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `__proto__` from a subgraph is a key like any other, and must not reach the prototype. */
export function setOwn(target: JsonObject, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

/** Lays `source` over `target`, into objects and into lists of the same length. Takes over parts of `source` as they are. */
export function mergeInto(target: JsonObject, source: JsonObject): void {
  for (const key of Object.keys(source)) {
    const from = source[key];
    if (from === undefined) continue;
    if (typeof from !== 'object' || from === null) {
      setOwn(target, key, from);
      continue;
    }
    const into = Object.hasOwn(target, key) ? target[key] : undefined;
    if (isObject(from) && isObject(into)) mergeInto(into, from);
    else if (Array.isArray(from) && Array.isArray(into) && from.length === into.length) mergeLists(into, from);
    else setOwn(target, key, from);
  }
}

function mergeLists(target: unknown[], source: readonly unknown[]): void {
  for (let index = 0; index < source.length; index += 1) {
    const from = source[index];
    const into = target[index];
    if (isObject(from) && isObject(into)) mergeInto(into, from);
    else target[index] = from;
  }
}

/** A copy that shares nothing with JSON data. */
export function copyJson<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyJson) as T;
  const copy: JsonObject = {};
  for (const key of Object.keys(value)) setOwn(copy, key, copyJson((value as JsonObject)[key]));
  return copy as T;
}
