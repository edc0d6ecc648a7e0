/**
 * What it takes to answer one subscription operation for one event. Apollo's planner gives Subscription{primary, rest}; its
 * executor refuses that node, so we run it as a sequence in which the event itself answers `primary`, and `rest` goes to the
 * subgraphs. Planning costs milliseconds, so plans are kept per document.
 */
import { buildOperationContext, executeQueryPlan, type GraphQLDataSource } from '@apollo/gateway';
import type { QueryPlan } from '@apollo/query-planner';
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type FieldNode,
  GraphQLError,
  getNamedType,
  isObjectType,
  Kind,
  parse,
  visit,
} from 'graphql';
import type { Logger } from 'pino';
import { BoundedMap } from '../platform/bounded-map.ts';
import type { Identity } from '../platform/identity.ts';
import type { LiveField, SupergraphModel } from './supergraph.ts';

/** Distinct operations whose plans are kept; the oldest goes first. */
const MAX_PLANS = 1_000;

export type Variables = Readonly<Record<string, unknown>>;
export type DataSources = Readonly<Record<string, GraphQLDataSource>>;

/** An event as a subscription field shows it: the message with its `data` laid over it, and the type that shows it. */
export type EventValue = Readonly<Record<string, unknown>>;

/** A subscription as its client wrote it. */
export interface LiveOperation {
  readonly source: string;
  /** Validated against the API schema. */
  readonly document: DocumentNode;
  readonly operationName?: string | undefined;
}

export class LivePlan {
  readonly operation: LiveOperation;
  readonly live: LiveField;
  /** The field's node, for reading its arguments. */
  readonly node: FieldNode;
  /** Variables that change what one event looks like: all but those that only choose the events. */
  readonly shapingVariables: readonly string[];
  readonly #model: SupergraphModel;
  readonly #plan: QueryPlan;
  readonly #context: ReturnType<typeof buildOperationContext>;
  /** The fetches that events answer, parsed once: the planner gives them as text. */
  readonly #documents = new Map<string, DocumentNode>();

  constructor(model: SupergraphModel, operation: LiveOperation) {
    const { document, operationName } = operation;
    this.operation = operation;
    this.#model = model;
    this.#context = buildOperationContext({
      schema: model.apiSchema,
      operationDocument: document,
      ...(operationName && { operationName }),
    });
    const roots = this.#context.operation.selectionSet.selections;
    const [root] = roots;
    if (roots.length !== 1 || root?.kind !== Kind.FIELD) {
      throw new GraphQLError('A subscription asks for one field, without a fragment or directive around it.');
    }
    const live = model.liveFields.get(root.name.value);
    if (!live) throw new GraphQLError(`Subscription.${root.name.value} has no source of events.`);
    this.live = live;
    this.node = root;
    this.shapingVariables = shapingVariables(root, this.#context.fragments);
    const plan = model.plan(document, operationName);
    if (plan.node?.kind !== 'Subscription') throw new GraphQLError('This subscription cannot be planned.');
    const { primary, rest } = plan.node;
    this.#plan = { ...plan, node: rest ? { kind: 'Sequence', nodes: [primary, rest] } : primary };
  }

  /** The response for one event. Subgraph failures give a partial answer with errors. */
  async resolve(
    event: EventValue,
    variables: Variables,
    identity: Identity,
    sources: DataSources,
    logger: Logger,
  ): Promise<ExecutionResult> {
    const { events } = this.#model;
    const services = events
      ? { ...sources, [events.subgraph]: eventSource(this.#model, this.live.field.name, event, this.#documents) }
      : sources;
    const result = await executeQueryPlan(
      this.#plan,
      services,
      { request: { variables }, context: { identity }, logger, metrics: {} } as never, // the rest of the context it never reads
      this.#context,
      this.#model.supergraphSchema,
      this.#model.coreApiSchema,
    );
    return result as ExecutionResult;
  }
}

/** Plans by document and operation name. */
export class LivePlans {
  readonly #model: SupergraphModel;
  readonly #plans = new BoundedMap<string, LivePlan>(MAX_PLANS);

  constructor(model: SupergraphModel) {
    this.#model = model;
  }

  get(operation: LiveOperation): LivePlan {
    const key = operationKey(operation);
    let plan = this.#plans.get(key);
    if (!plan) {
      plan = new LivePlan(this.#model, operation);
      this.#plans.set(key, plan);
    }
    return plan;
  }
}

/** Equal for operations with one plan. */
export const operationKey = ({ source, operationName }: LiveOperation): string => `${operationName ?? ''}\0${source}`;

/** Variables used below the field, or in directives: everything but the field's own arguments. */
function shapingVariables(root: FieldNode, fragments: Readonly<Record<string, unknown>>): string[] {
  const names = new Set<string>();
  const collect = { Variable: ({ name }: { name: { value: string } }) => void names.add(name.value) };
  visit({ ...root, arguments: [] }, collect);
  for (const fragment of Object.values(fragments)) visit(fragment as FieldNode, collect);
  return [...names].sort();
}

/** Answers the plan's first fetch out of the event, through the events subgraph's own schema. */
function eventSource(
  model: SupergraphModel,
  field: string,
  event: EventValue,
  documents: Map<string, DocumentNode>,
): GraphQLDataSource {
  return {
    async process({ request }) {
      const query = request.query ?? '';
      const document = documents.get(query) ?? parse(query, { noLocation: true });
      documents.set(query, document);
      const result = await execute({
        schema: model.events?.schema as never,
        document,
        rootValue: { [field]: event },
        variableValues: request.variables ?? {},
        fieldResolver: (source, _args, _context, info) => {
          const value = source[info.fieldName];
          const key = source[`${info.fieldName}Id`];
          if (value !== undefined || key === undefined || key === null) return value;
          // An event names an entity by its id: `roomId` stands for `room { id }`.
          const type = getNamedType(info.returnType);
          return isObjectType(type) ? { __typename: type.name, id: key } : value;
        },
      });
      return result as never;
    },
  };
}
