/**
 * What one request may ask of the gateway, the same over HTTP and over a socket. Each limit is some times what the app's own
 * operations need (fixtures/explorer and test/e2e stay within a half) and far below what hurts.
 */

export const LIMITS = {
  /** Of an HTTP body and of one socket message. */
  bodyBytes: 100_000,
  /** Lexical tokens of a document. */
  tokens: 2_000,
  /** Levels of fields below the root. */
  depth: 12,
  /** The same below `__schema` and `__type`, where introspection is on; a usual introspection query has 14. */
  introspectionDepth: 20,
  /** Fields with another name than their own, `__typename` included. */
  aliases: 30,
  /** Directives in an operation, and at one place of it. */
  directives: 30,
  directivesAtOnePlace: 4,
  rootFields: 20,
  /** Fields once fragments are put in their places. */
  fields: 1_000,
  /** The same field in one selection set. */
  repeats: 10,
  /** Lists and objects in each other in `variables`: what is far deeper cannot even be passed on. */
  variablesDepth: 32,
  /** See operation-cost.ts. */
  cost: 5_000,
  /** Operations in a document. */
  operations: 20,
} as const;

export type Limits = { readonly [Name in keyof typeof LIMITS]: number };

/** Whether a JSON value has more than `max` levels of lists and objects; without recursion, since that is what it guards. */
export function isDeeperThan(value: unknown, max: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= max; depth += 1) {
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
    if (level.length === 0) return false;
  }
  return true;
}
