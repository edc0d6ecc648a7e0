/**
 * Entities for one fetch of a plan: what is sent of each (its representation), and what comes back laid over each. Equal
 * representations are sent once. Representations and rewrites follow Apollo's query plans.
 */
import type { FetchDataRewrite, QueryPlanSelectionNode } from '@apollo/query-planner';
import { type GraphQLSchema, isAbstractType, isInterfaceType, isObjectType } from 'graphql';
import { isObject, type JsonObject, mergeInto, setOwn } from './json.ts';

export interface Representations {
  /** What is sent, each once. */
  readonly unique: readonly JsonObject[];
  /** For each of them, the entities that it stands for. */
  readonly places: readonly (readonly Place[])[];
}

/** An entity: the list it is in, of those that were given, and where in it. */
export interface Place {
  readonly list: number;
  readonly index: number;
}

/** The representations of those entities that have all that is required. */
export function represent(
  schema: GraphQLSchema,
  lists: readonly (readonly JsonObject[])[],
  requires: readonly QueryPlanSelectionNode[],
  rewrites: readonly FetchDataRewrite[] | undefined,
): Representations {
  const unique: JsonObject[] = [];
  const places: Place[][] = [];
  const known = new Map<string, Place[]>();
  for (const [list, entities] of lists.entries()) {
    for (const [index, entity] of entities.entries()) {
      const place = { list, index };
      // Most entities are there several times: those are recognized before anything is made of them.
      const quick = leafKey(schema, entity, requires);
      const same = quick === null ? undefined : known.get(quick);
      if (same) {
        same.push(place);
        continue;
      }
      const representation = select(schema, entity, requires);
      if (!isObject(representation) || !representation['__typename']) continue;
      const key = quick ?? JSON.stringify(representation);
      const alike = known.get(key);
      if (alike) {
        alike.push(place);
        continue;
      }
      rewrite(schema, rewrites, representation);
      const first = [place];
      known.set(key, first);
      unique.push(representation);
      places.push(first);
    }
  }
  return { unique, places };
}

/** Names of the fields that are required of each type; null for one of which more than leaves is required. */
const leaves = new WeakMap<readonly QueryPlanSelectionNode[], Map<unknown, readonly string[] | null>>();

/** Equal for entities of which the same would be sent; null where that takes a closer look. */
function leafKey(
  schema: GraphQLSchema,
  entity: JsonObject,
  requires: readonly QueryPlanSelectionNode[],
): string | null {
  const type = entity['__typename'];
  if (typeof type !== 'string') return null;
  let byType = leaves.get(requires);
  if (!byType) {
    byType = new Map();
    leaves.set(requires, byType);
  }
  let names = byType.get(type);
  if (names === undefined) {
    names = leavesOf(schema, entity, requires);
    if (schema.getType(type)) byType.set(type, names); // only names of the schema: they are few
  }
  if (!names) return null;
  let key = '';
  for (const name of names) {
    const value = Object.hasOwn(entity, name) ? entity[name] : undefined;
    if (typeof value === 'string') key += `s${value.length}:${value}`;
    else if (typeof value === 'number' || typeof value === 'boolean') key += `${value};`;
    else return null;
  }
  return key;
}

function leavesOf(
  schema: GraphQLSchema,
  entity: JsonObject,
  requires: readonly QueryPlanSelectionNode[],
): readonly string[] | null {
  const names = new Set(['__typename']);
  for (const selection of requires) {
    if (selection.kind === 'Field') {
      if (selection.selections) return null;
      names.add(selection.alias ?? selection.name);
    } else if (selection.typeCondition && isOfType(schema, entity, selection.typeCondition, false)) {
      const inner = leavesOf(schema, entity, selection.selections);
      if (!inner) return null;
      for (const name of inner) names.add(name);
    }
  }
  return [...names];
}

/** Null where the source has not all that is selected. */
function select(schema: GraphQLSchema, source: unknown, selections: readonly QueryPlanSelectionNode[]): unknown {
  if (!isObject(source)) return null;
  const result: JsonObject = {};
  for (const selection of selections) {
    if (selection.kind === 'InlineFragment') {
      if (!selection.typeCondition || !isOfType(schema, source, selection.typeCondition, false)) continue;
      const part = select(schema, source, selection.selections);
      if (isObject(part)) mergeInto(result, part);
      continue;
    }
    const name = selection.alias ?? selection.name;
    const value = Object.hasOwn(source, name) ? source[name] : undefined;
    if (value === undefined) return null;
    setOwn(result, name, selectFrom(schema, value, selection.selections));
  }
  return result;
}

function selectFrom(
  schema: GraphQLSchema,
  value: unknown,
  selections: readonly QueryPlanSelectionNode[] | undefined,
): unknown {
  if (!selections) return value;
  if (Array.isArray(value)) return value.map((each) => selectFrom(schema, each, selections));
  return value === null ? null : select(schema, value, selections);
}

/** Applies a plan's rewrites in place. */
export function rewrite(
  schema: GraphQLSchema,
  rewrites: readonly FetchDataRewrite[] | undefined,
  value: unknown,
): void {
  for (const each of rewrites ?? []) {
    const name = each.path.at(-1);
    if (name === undefined) continue;
    atPath(schema, each.path.slice(0, -1), value, (object) => {
      if (each.kind === 'ValueSetter') setOwn(object, name, each.setValueTo);
      else if (Object.hasOwn(object, name) && object[name]) {
        setOwn(object, each.renameKeyTo, object[name]);
        object[name] = undefined;
      }
    });
  }
}

const FRAGMENT = '... on ';

function atPath(
  schema: GraphQLSchema,
  path: readonly string[],
  value: unknown,
  change: (object: JsonObject) => void,
): void {
  if (Array.isArray(value)) {
    for (const each of value) atPath(schema, path, each, change);
    return;
  }
  if (!isObject(value)) return;
  const [first, ...rest] = path;
  if (first === undefined) change(value);
  else if (!first.startsWith(FRAGMENT))
    atPath(schema, rest, Object.hasOwn(value, first) ? value[first] : undefined, change);
  else if (isOfType(schema, value, first.slice(FRAGMENT.length), true)) atPath(schema, rest, value, change);
}

function isOfType(schema: GraphQLSchema, object: JsonObject, condition: string, withoutTypeName: boolean): boolean {
  const name = object['__typename'];
  if (!name) return withoutTypeName;
  if (name === condition) return true;
  const type = schema.getType(String(name));
  const wanted = schema.getType(condition);
  if (!isAbstractType(wanted)) return false;
  return (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(wanted, type);
}
