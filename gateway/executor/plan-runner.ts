/**
 * Runs the nodes of one of Apollo's query plans against the subgraphs, putting all that they send into one tree. Errors are
 * collected, never thrown: what one subgraph fails to give costs its fields.
 */
import { ERRORS, errorCodeDef } from '@apollo/federation-internals';
import type { FetchNode, PlanNode, ResponsePath } from '@apollo/query-planner';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { represent, rewrite } from './entity-fetch.ts';
import { isObject, type JsonObject, mergeInto } from './json.ts';
import type { Path } from './response-shape.ts';
import type { SubgraphCalls } from './subgraph-calls.ts';

export interface PlanRun {
  readonly supergraphSchema: GraphQLSchema;
  readonly calls: SubgraphCalls;
  /** As the client sent them; defaults are the subgraphs' business, but for conditions. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Values of the Boolean variables of @skip and @include, defaults filled in. */
  readonly conditions: Readonly<Record<string, unknown>>;
  readonly data: JsonObject;
  readonly errors: GraphQLError[];
}

/** A place in the tree that a plan node works on: one value, or all the values a path leads to. */
interface Cursor {
  readonly value: unknown;
  readonly path: ResponsePath;
}

export const runPlan = (run: PlanRun, node: PlanNode): Promise<void> =>
  runNode(run, node, { value: run.data, path: [] });

async function runNode(run: PlanRun, node: PlanNode, at: Cursor): Promise<void> {
  switch (node.kind) {
    case 'Sequence':
      for (const each of node.nodes) await runNode(run, each, at);
      return;
    case 'Parallel':
      await Promise.all(node.nodes.map((each) => runNode(run, each, at)));
      return;
    case 'Flatten': {
      const value = follow(at.value, node.path);
      if (value) await runNode(run, node.node, { value, path: [...at.path, ...node.path] });
      return;
    }
    case 'Condition': {
      const branch = run.conditions[node.condition] === true ? node.ifClause : node.elseClause;
      if (branch) await runNode(run, branch, at);
      return;
    }
    case 'Fetch':
      try {
        await runFetch(run, node, at);
      } catch (error) {
        run.errors.push(error as GraphQLError);
      }
      return;
    case 'Defer':
      throw new GraphQLError('@defer is not supported.');
  }
}

/** `@` stands for every element of a list. */
function follow(value: unknown, path: ResponsePath): unknown {
  let current = value;
  for (let depth = 0; depth < path.length; depth += 1) {
    if (current === undefined || current === null) return current;
    const step = path[depth] as string;
    if (step === '@') {
      const rest = path.slice(depth + 1);
      return (current as unknown[]).flatMap((element) => follow(element, rest));
    }
    current = Object.hasOwn(current as JsonObject, step) ? (current as JsonObject)[step] : undefined;
  }
  return current;
}

async function runFetch(run: PlanRun, node: FetchNode, at: Cursor): Promise<void> {
  const entities = (Array.isArray(at.value) ? at.value : [at.value]).filter(isObject);
  if (entities.length === 0) return;
  const variables: Record<string, unknown> = Object.create(null);
  for (const name of node.variableUsages ?? []) {
    if (Object.hasOwn(run.variables, name) && run.variables[name] !== undefined) variables[name] = run.variables[name];
  }
  if (!node.requires) {
    const data = await send(run, node, variables, (path) => [path && [...at.path, ...path]]);
    if (!data) return;
    rewrite(run.supergraphSchema, node.outputRewrites, data);
    for (const entity of entities) mergeInto(entity, data);
    return;
  }
  const { unique, places } = represent(run.supergraphSchema, entities, node.requires, node.inputRewrites);
  if (unique.length === 0) return;
  let whole: Path[] | undefined;
  const hydrate: Hydrate = (path) => {
    if (!path) return [undefined];
    const index = path[1];
    if (typeof index !== 'number') return [[...at.path, ...path]];
    whole ??= wholePaths(run.data, at.path);
    return (places[index] ?? []).map((place) => [...(whole?.[place] ?? []), ...path.slice(2)]);
  };
  const data = await send(run, node, { ...variables, representations: unique }, hydrate);
  if (!data) return;
  const received = data['_entities'];
  if (!Array.isArray(received)) throw new Error('Expected "data._entities" in response to be an array');
  if (received.length !== unique.length) {
    throw new Error(`Expected "data._entities" to contain ${unique.length} elements`);
  }
  received.forEach((entity, index) => {
    if (!isObject(entity)) return;
    const targets = places[index] ?? [];
    entity['__typename'] ??= entities[targets[0] ?? 0]?.['__typename'];
    rewrite(run.supergraphSchema, node.outputRewrites, entity);
    // Places of one fetch share what they got: whatever the plan fetches later, it fetches for each of them alike.
    for (const place of targets) mergeInto(entities[place] as JsonObject, entity);
  });
}

/** Where in the whole answer an error of a subgraph's answer lies: several places where several got the same entity. */
type Hydrate = (path: readonly (string | number)[] | undefined) => readonly (Path | undefined)[];

async function send(
  run: PlanRun,
  node: FetchNode,
  variables: Record<string, unknown>,
  hydrate: Hydrate,
): Promise<JsonObject | null | undefined> {
  const response = await run.calls.send(node, variables);
  for (const error of response.errors ?? []) {
    for (const path of hydrate(error.path)) run.errors.push(downstream(error, node.serviceName, path));
  }
  return response.data;
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

/** The path of each value that a path with `@` leads to, in the same order as `follow` gives them; without those that are null. */
function wholePaths(data: unknown, path: ResponsePath): Path[] {
  const found: Path[] = [];
  const walk = (value: unknown, rest: ResponsePath, sofar: Path): void => {
    if (value === undefined || value === null) return;
    const [step, ...later] = rest;
    if (step === undefined) found.push(sofar);
    else if (step === '@') {
      for (const [index, element] of (value as unknown[]).entries()) walk(element, later, [...sofar, index]);
    } else if (Object.hasOwn(value as JsonObject, step)) walk((value as JsonObject)[step], later, [...sofar, step]);
  };
  walk(data, path, []);
  return found;
}
