/** What a subgraph sent for one slot of a call, laid over the entities that asked; its errors, at their places in the answer. */
import { ERRORS, errorCodeDef } from '@apollo/federation-internals';
import type { FetchNode } from '@apollo/query-planner';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { type Representations, rewrite } from './entity-fetch.ts';
import { copyJson, isObject, type JsonObject, mergeInto } from './json.ts';
import type { SubgraphAnswer } from './operation-merge.ts';
import type { Slot, Step } from './plan-schedule.ts';
import type { Path } from './response-shape.ts';
import { pathsOf } from './tree-path.ts';

/** A step with the entities it found at its path. */
export interface Asked {
  readonly step: Step;
  readonly entities: readonly JsonObject[];
}

/** What one slot of a call asks at one moment. */
export interface Part {
  readonly slot: Slot;
  readonly node: FetchNode;
  readonly asked: readonly Asked[];
  readonly variables: Record<string, unknown>;
  /** Null: it asks for fields of the root. */
  readonly representations: Representations | null;
}

interface Target {
  readonly supergraphSchema: GraphQLSchema;
  readonly data: JsonObject;
  readonly errors: GraphQLError[];
}

/** @throws Error where the answer is none to what was asked */
export function putAnswer(target: Target, part: Part, { data, errors }: SubgraphAnswer): void {
  if (errors) putErrors(target, part, errors);
  if (!data) return;
  if (part.representations) putEntities(target.supergraphSchema, part, part.representations, data['_entities']);
  else {
    rewrite(target.supergraphSchema, part.node.outputRewrites, data);
    for (const { entities } of part.asked) for (const entity of entities) mergeInto(entity, data);
  }
}

function putEntities(schema: GraphQLSchema, { asked, node }: Part, sent: Representations, received: unknown): void {
  const { unique, places } = sent;
  if (!Array.isArray(received)) throw new Error('Expected "data._entities" in response to be an array');
  if (received.length !== unique.length) {
    throw new Error(`Expected "data._entities" to contain ${unique.length} elements`);
  }
  for (const [at, entity] of received.entries()) {
    if (!isObject(entity)) continue;
    const [first] = places[at] ?? [];
    if (first) entity['__typename'] ??= asked[first.list]?.entities[first.index]?.['__typename'];
    rewrite(schema, node.outputRewrites, entity);
    // Places of one step share what they got: whatever is fetched later, is fetched for each of them alike. Those of other
    // steps get copies.
    let current = 0;
    let own = entity;
    for (const { list, index } of places[at] ?? []) {
      if (list !== current) own = copyJson(entity);
      current = list;
      mergeInto(asked[list]?.entities[index] as JsonObject, own);
    }
  }
}

function putErrors({ data, errors: into }: Target, part: Part, errors: readonly GraphQLFormattedError[]): void {
  const { asked, representations, node } = part;
  const paths = asked.map((): Path[] | undefined => undefined);
  const add = (error: GraphQLFormattedError, path?: Path) => into.push(downstream(error, node.serviceName, path));
  for (const error of errors) {
    const { path } = error;
    const at = path?.[1];
    if (!path) for (const _ of asked) add(error);
    else if (!representations || typeof at !== 'number')
      for (const { step } of asked) add(error, [...step.path, ...path]);
    else {
      for (const { list, index } of representations.places[at] ?? []) {
        paths[list] ??= pathsOf(data, asked[list]?.step.path ?? []);
        add(error, [...(paths[list]?.[index] ?? []), ...path.slice(2)]);
      }
    }
  }
}

function downstream(error: GraphQLFormattedError, serviceName: string, path: Path | undefined): GraphQLError {
  const message = error.message || `Error while fetching subquery from service "${serviceName}"`;
  const options = {
    originalError: error as unknown as Error,
    ...(path && { path }),
    extensions: { ...error.extensions, serviceName },
  };
  const known = errorCodeDef(error as unknown as GraphQLError);
  if (!known && error.extensions?.['code']) return new GraphQLError(message, options);
  return (known ?? ERRORS.DOWNSTREAM_SERVICE_ERROR).err(message, options);
}
