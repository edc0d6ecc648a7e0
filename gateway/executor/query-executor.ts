/**
 * Answers queries and mutations over Apollo's query plans, in place of the executor of @apollo/gateway: what depends on the
 * operation alone (plan, conditions, response shape) is made once and kept; per request only data moves.
 */
import { type FieldSelection, type Operation, operationFromDocument } from '@apollo/federation-internals';
import type { PlanNode } from '@apollo/query-planner';
import {
  type DocumentNode,
  type ExecutionResult,
  executeSync,
  type FieldNode,
  GraphQLError,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  valueFromASTUntyped,
  visit,
} from 'graphql';
import { BoundedMap } from '../../platform/bounded-map.ts';
import type { DataSources } from '../live-plan.ts';
import type { SupergraphModel } from '../supergraph.ts';
import { InFlightAnswers } from './in-flight.ts';
import type { JsonObject } from './json.ts';
import type { SubgraphAnswer } from './operation-merge.ts';
import { runSchedule } from './plan-runner.ts';
import { PlanSchedule } from './plan-schedule.ts';
import { ResponseShape } from './response-shape.ts';
import { authorizationClass, SubgraphCalls } from './subgraph-calls.ts';

/** Distinct operations kept; the oldest goes first. */
const MAX_OPERATIONS = 1_000;
/** Combinations of @skip and @include values kept per operation. */
const MAX_VARIANTS = 64;

export interface QueryRequest {
  /** Equal for equal documents: the source, or its hash. */
  readonly key: string;
  /** Validated against the API schema. */
  readonly document: DocumentNode;
  readonly operationName?: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Handed to the data sources as it is. */
  readonly context: Readonly<Record<string, unknown>>;
}

interface Prepared {
  readonly node: OperationDefinitionNode;
  readonly operation: Operation;
  readonly plan: PlanNode | undefined;
  /** Boolean variables that decide which fields are answered, with their defaults. */
  readonly conditions: ReadonlyMap<string, unknown>;
  readonly variants: Map<string, Variant>;
}

/** An operation with one combination of @skip and @include values. */
interface Variant {
  readonly schedule: PlanSchedule;
  readonly shape: ResponseShape;
}

/** What is under way, for those who ask the same meanwhile. */
interface UnderWay {
  readonly operations: InFlightAnswers<ExecutionResult>;
  readonly calls: InFlightAnswers<SubgraphAnswer>;
}

export interface ExecutorOptions {
  /** Whether those of one authorization class share answers that are under way; on, but for measuring. */
  readonly sharing?: boolean;
}

export class QueryExecutor {
  readonly #model: SupergraphModel;
  readonly #sources: DataSources;
  readonly #prepared = new BoundedMap<string, Prepared>(MAX_OPERATIONS);
  readonly #underWay: UnderWay | null;

  constructor(model: SupergraphModel, sources: DataSources, { sharing = true }: ExecutorOptions = {}) {
    this.#model = model;
    this.#sources = sources;
    this.#underWay = sharing ? { operations: new InFlightAnswers(), calls: new InFlightAnswers() } : null;
  }

  /** Errors are in the result, as executing a GraphQL operation gives them. Others may get the same object: it stays as it is. */
  async execute(request: QueryRequest): Promise<ExecutionResult> {
    const prepared = this.#prepare(request);
    const viewers = authorizationClass(request.context);
    if (prepared.node.operation !== OperationTypeNode.QUERY) {
      try {
        return await this.#run(prepared, request, viewers);
      } finally {
        // What was asked before the change must not answer who asks after it.
        this.#underWay?.operations.forget();
        this.#underWay?.calls.forget();
      }
    }
    if (!this.#underWay) return this.#run(prepared, request, viewers);
    const { key, operationName = '', variables } = request;
    const question = `${viewers}\n${operationName}\n${JSON.stringify(variables)}\n${key}`;
    return (await this.#underWay.operations.get(question, () => this.#run(prepared, request, viewers))).value;
  }

  async #run(prepared: Prepared, { variables, context }: QueryRequest, viewers: string): Promise<ExecutionResult> {
    const { apiSchema, supergraphSchema } = this.#model;
    const { errors: faults } = getVariableValues(apiSchema, prepared.node.variableDefinitions ?? [], variables);
    if (faults) return { errors: faults };
    const { schedule, shape } = variantOf(prepared, variables);
    const data: JsonObject = Object.create(null);
    const errors: GraphQLError[] = [];
    const calls = new SubgraphCalls(this.#sources, context, viewers, this.#underWay?.calls ?? null);
    await runSchedule({ supergraphSchema, calls, variables, data, errors }, schedule);
    try {
      const shaped = shape.shape(data, (field) => this.#introspect(prepared, field, variables));
      if (errors.length > 0) return { errors, data: shaped.data };
      if (shaped.errors.length === 0) return { data: shaped.data };
      return { data: shaped.data, extensions: { valueCompletion: shaped.errors } };
    } catch (error) {
      // A subgraph that sends what its own schema does not allow.
      return { errors: [error instanceof GraphQLError ? error : new GraphQLError((error as Error).message)] };
    }
  }

  #prepare({ key, document, operationName }: QueryRequest): Prepared {
    const id = `${operationName ?? ''}\0${key}`;
    const known = this.#prepared.get(id);
    if (known) return known;
    const node = getOperationAST(document, operationName);
    if (!node) throw new GraphQLError('The document has no such operation.');
    const operation = operationFromDocument(this.#model.coreApiSchema, document, { operationName, validate: false });
    const plan = this.#model.plan(document, operationName).node;
    if (plan?.kind === 'Subscription') throw new GraphQLError('Subscriptions are served over graphql-ws.');
    const prepared = {
      node,
      operation,
      plan,
      conditions: conditionsOf(node, document),
      variants: new Map(),
    };
    this.#prepared.set(id, prepared);
    return prepared;
  }

  #introspect({ node }: Prepared, field: FieldSelection, variables: Readonly<Record<string, unknown>>): unknown {
    const selection = field.expandFragments().toSelectionNode() as FieldNode;
    const used = new Set<string>();
    visit(selection, { Variable: ({ name }) => void used.add(name.value) });
    const { data, errors } = executeSync({
      schema: this.#model.apiSchema,
      document: {
        kind: Kind.DOCUMENT,
        definitions: [
          {
            kind: Kind.OPERATION_DEFINITION,
            operation: OperationTypeNode.QUERY,
            variableDefinitions: (node.variableDefinitions ?? []).filter((each) => used.has(each.variable.name.value)),
            selectionSet: { kind: Kind.SELECTION_SET, selections: [selection] },
          },
        ],
      },
      rootValue: {},
      variableValues: variables,
    });
    if (errors?.[0]) throw errors[0];
    return data?.[selection.alias?.value ?? selection.name.value];
  }
}

function variantOf(prepared: Prepared, variables: Readonly<Record<string, unknown>>): Variant {
  const conditions = Object.fromEntries(
    [...prepared.conditions].map(([name, fallback]) => [name, variables[name] ?? fallback]),
  );
  const key = JSON.stringify(Object.values(conditions));
  let variant = prepared.variants.get(key);
  if (!variant) {
    if (prepared.variants.size >= MAX_VARIANTS) prepared.variants.clear();
    variant = {
      schedule: new PlanSchedule(prepared.plan, conditions),
      shape: new ResponseShape(prepared.operation, conditions),
    };
    prepared.variants.set(key, variant);
  }
  return variant;
}

/** The variables of @skip and @include anywhere in the document: few, so that those of unused fragments do no harm. */
function conditionsOf(node: OperationDefinitionNode, document: DocumentNode): Map<string, unknown> {
  const names = new Set<string>();
  visit(document, {
    Directive({ name, arguments: given }) {
      if (name.value !== 'skip' && name.value !== 'include') return;
      for (const { value } of given ?? []) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  const defaults = new Map(
    (node.variableDefinitions ?? []).map(({ variable, defaultValue }) => [
      variable.name.value,
      defaultValue && valueFromASTUntyped(defaultValue),
    ]),
  );
  return new Map([...names].filter((name) => defaults.has(name)).map((name) => [name, defaults.get(name)]));
}
