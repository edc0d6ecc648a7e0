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
  /** For each of them, the places among the entities that it stands for. */
  readonly places: readonly (readonly number[])[];
}

/** The representations of those entities that have all that is required. */
export function represent(
  schema: GraphQLSchema,
  entities: readonly JsonObject[],
  requires: readonly QueryPlanSelectionNode[],
  rewrites: readonly FetchDataRewrite[] | undefined,
): Representations {
  const unique: JsonObject[] = [];
  const places: number[][] = [];
  const known = new Map<string, number>();
  entities.forEach((entity, index) => {
    const representation = select(schema, entity, requires);
    if (!isObject(representation) || !representation['__typename']) return;
    rewrite(schema, rewrites, representation);
    const text = JSON.stringify(representation);
    const at = known.get(text);
    if (at !== undefined) {
      places[at]?.push(index);
      return;
    }
    known.set(text, unique.length);
    unique.push(representation);
    places.push([index]);
  });
  return { unique, places };
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
