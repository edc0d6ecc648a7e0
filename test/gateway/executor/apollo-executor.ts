/** Apollo's own executor over the gateway's plans, and results in a form in which two executors' can be compared. */
import { buildOperationContext, executeQueryPlan, type GraphQLDataSource } from '@apollo/gateway';
import type { DocumentNode, ExecutionResult } from 'graphql';
import type { SupergraphModel } from '../../../gateway/supergraph.ts';
import type { Identity } from '../../../platform/identity.ts';

export const identity: Identity = { userId: '01', scopes: [], audience: null };

export async function apolloExecute(
  model: SupergraphModel,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
  sources: Readonly<Record<string, GraphQLDataSource>>,
): Promise<ExecutionResult> {
  const context = buildOperationContext({ schema: model.apiSchema, operationDocument: document });
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const request = { request: { variables }, context: { identity }, metrics: {}, logger } as never;
  const plan = model.plan(document, undefined);
  return (await executeQueryPlan(
    plan,
    sources,
    request,
    context,
    model.supergraphSchema,
    model.coreApiSchema,
  )) as ExecutionResult;
}

/** Errors as a set: which of several that come together is told first is nobody's promise. */
export function plain({ data, errors, extensions }: ExecutionResult) {
  const flat = (list: readonly unknown[] | undefined) => {
    const texts = list?.map((error) => {
      const json = JSON.parse(JSON.stringify(error)) as object;
      return JSON.stringify(json, [...Object.keys(json), 'code', 'serviceName']);
    });
    return [...new Set(texts)].sort();
  };
  return {
    data: JSON.parse(JSON.stringify(data ?? null)),
    errors: flat(errors),
    completion: flat(extensions?.['valueCompletion'] as readonly unknown[] | undefined),
  };
}
