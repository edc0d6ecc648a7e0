/**
 * Several queries for one subgraph as one: every root field gets an alias, every variable and fragment a name of its own, so
 * that nothing meets. What comes back is taken apart again, errors included.
 */
import type { FetchNode } from '@apollo/query-planner';
import {
  type DefinitionNode,
  type DocumentNode,
  type GraphQLFormattedError,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  print,
  type VariableDefinitionNode,
  visit,
} from 'graphql';
import type { JsonObject } from './json.ts';

export interface SubgraphAnswer {
  readonly data?: JsonObject | null;
  readonly errors?: readonly GraphQLFormattedError[];
}

/** The queries of several fetches as one document. */
export interface MergedOperation {
  readonly query: string;
  readonly document: DocumentNode;
}

const prefix = (index: number): string => `m${index}_`;
const PREFIXED = /^m(\d+)_(.*)$/s;

/** Null where they cannot be merged: mutations, and root selections that are not plain fields. */
export function mergeOperations(fetches: readonly FetchNode[]): MergedOperation | null {
  const selections: OperationDefinitionNode['selectionSet']['selections'][number][] = [];
  const variableDefinitions: VariableDefinitionNode[] = [];
  const fragments: DefinitionNode[] = [];
  for (const [index, fetch] of fetches.entries()) {
    const { definitions } = rename(fetch.operationDocumentNode ?? parse(fetch.operation), prefix(index));
    for (const definition of definitions) {
      if (definition.kind !== Kind.OPERATION_DEFINITION) {
        fragments.push(definition);
        continue;
      }
      if (definition.operation !== OperationTypeNode.QUERY || definition.directives?.length) return null;
      for (const selection of definition.selectionSet.selections) {
        if (selection.kind !== Kind.FIELD) return null;
        const value = prefix(index) + (selection.alias ?? selection.name).value;
        selections.push({ ...selection, alias: { kind: Kind.NAME, value } });
      }
      variableDefinitions.push(...(definition.variableDefinitions ?? []));
    }
  }
  const operation: OperationDefinitionNode = {
    kind: Kind.OPERATION_DEFINITION,
    operation: OperationTypeNode.QUERY,
    variableDefinitions,
    selectionSet: { kind: Kind.SELECTION_SET, selections },
  };
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] };
  return { query: print(document), document };
}

/** A fetch's query as text; equal for fetches that differ in nothing but the name that the planner gave them. */
export const withoutName = ({ operation, operationName }: FetchNode): string =>
  operationName ? operation.replace(` ${operationName}`, '') : operation;

function rename(document: DocumentNode, before: string): DocumentNode {
  const renamed = <N extends { readonly name: { readonly value: string } }>(node: N): N => ({
    ...node,
    name: { ...node.name, value: before + node.name.value },
  });
  return visit(document, { Variable: renamed, FragmentSpread: renamed, FragmentDefinition: renamed });
}

export function mergeVariables(all: readonly Readonly<Record<string, unknown>>[]): Record<string, unknown> {
  const merged: Record<string, unknown> = {};
  for (const [index, variables] of all.entries()) {
    for (const name of Object.keys(variables)) merged[prefix(index) + name] = variables[name];
  }
  return merged;
}

/** Each query's own answer; null where an error cannot be told to be one query's, so that they must be asked one by one. */
export function splitAnswer(answer: SubgraphAnswer, count: number): SubgraphAnswer[] | null {
  if (!answer.data) return null;
  const parts = Array.from({ length: count }, () => ({
    data: {} as JsonObject,
    errors: [] as GraphQLFormattedError[],
  }));
  for (const key of Object.keys(answer.data)) {
    const [, index, name] = PREFIXED.exec(key) ?? [];
    const part = parts[Number(index)];
    if (!part || name === undefined) return null;
    part.data[name] = answer.data[key];
  }
  for (const error of answer.errors ?? []) {
    const [, index, name] = PREFIXED.exec(String(error.path?.[0])) ?? [];
    const part = parts[Number(index)];
    if (!part || name === undefined) return null;
    part.errors.push({ ...error, path: [name, ...(error.path ?? []).slice(1)] });
  }
  return parts.map(({ data, errors }) => (errors.length > 0 ? { data, errors } : { data }));
}
