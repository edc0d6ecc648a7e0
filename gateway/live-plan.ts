/**
 * What it takes to answer one subscription operation for one event. Apollo's planner gives Subscription{primary, rest}, which our
 * executor runs as a sequence: the event itself answers `primary`, and `rest` goes to the subgraphs. Planning costs
 * milliseconds, so plans are kept per document.
 */
import { buildOperationContext, type GraphQLDataSource } from '@apollo/gateway';
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type FieldNode,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  Kind,
  parse,
  visit,
} from 'graphql';
import { BoundedMap } from '../platform/bounded-map.ts';
import type { Identity } from '../platform/identity.ts';
import { QueryExecutor } from './executor/query-executor.ts';
import { type LiveContext, type SharedAnswers, SharedSource } from './live-answers.ts';
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
  readonly #executor: QueryExecutor;

  constructor(model: SupergraphModel, sources: DataSources, operation: LiveOperation) {
    const { document, operationName } = operation;
    this.operation = operation;
    const context = buildOperationContext({
      schema: model.apiSchema,
      operationDocument: document,
      ...(operationName && { operationName }),
    });
    const roots = context.operation.selectionSet.selections;
    const [root] = roots;
    if (roots.length !== 1 || root?.kind !== Kind.FIELD) {
      throw new GraphQLError('A subscription asks for one field, without a fragment or directive around it.');
    }
    const live = model.liveFields.get(root.name.value);
    if (!live) throw new GraphQLError(`Subscription.${root.name.value} has no source of events.`);
    this.live = live;
    this.node = root;
    this.shapingVariables = shapingVariables(root, context.fragments);
    const plan = model.plan(document, operationName);
    if (plan.node?.kind !== 'Subscription') throw new GraphQLError('This subscription cannot be planned.');
    const { primary, rest } = plan.node;
    const sequence = { ...plan, node: rest ? { kind: 'Sequence' as const, nodes: [primary, rest] } : primary };
    // Without the executor's sharing: an event is never answered from before it.
    this.#executor = new QueryExecutor({ ...model, plan: () => sequence }, sources, { sharing: false });
  }

  /** The response for one event. Subgraph failures give a partial answer with errors. */
  resolve(
    event: EventValue,
    variables: Variables,
    identity: Identity,
    shared: SharedAnswers | null,
  ): Promise<ExecutionResult> {
    const { document, operationName } = this.operation;
    const context: EventContext = { identity, shared, event, field: this.live.field.name };
    return this.#executor.execute({ key: '', document, operationName, variables, context: { ...context } });
  }
}

/** Plans by document and operation name. */
export class LivePlans {
  readonly #model: SupergraphModel;
  readonly #sources: DataSources;
  readonly #plans = new BoundedMap<string, LivePlan>(MAX_PLANS);

  constructor(model: SupergraphModel, sources: DataSources) {
    this.#model = model;
    const shared = Object.entries(sources).map(([name, source]) => [name, new SharedSource(name, source)]);
    const { events } = model;
    this.#sources = {
      ...Object.fromEntries(shared),
      ...(events && { [events.subgraph]: new EventSource(events.schema) }),
    };
  }

  get(operation: LiveOperation): LivePlan {
    const key = operationKey(operation);
    let plan = this.#plans.get(key);
    if (!plan) {
      plan = new LivePlan(this.#model, this.#sources, operation);
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

interface EventContext extends LiveContext {
  readonly event: EventValue;
  /** The subscription field that shows it. */
  readonly field: string;
}

/** Answers a plan's first fetch out of the event, through the events subgraph's own schema. */
class EventSource implements GraphQLDataSource {
  readonly #schema: GraphQLSchema;
  /** The fetches that events answer, parsed once: the planner gives them as text. */
  readonly #documents = new BoundedMap<string, DocumentNode>(MAX_PLANS);

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  async process({ request, context }: Parameters<GraphQLDataSource['process']>[0]) {
    const { event, field } = context as unknown as EventContext;
    const query = request.query ?? '';
    let document = this.#documents.get(query);
    if (!document) {
      document = parse(query, { noLocation: true });
      this.#documents.set(query, document);
    }
    const result = await execute({
      schema: this.#schema,
      document,
      rootValue: { [field]: event },
      variableValues: request.variables ?? {},
      fieldResolver: readField,
    });
    return result as never;
  }
}

/** An event names an entity by its id: `roomId` stands for `room { id }`. */
const readField: GraphQLFieldResolver<Record<string, unknown>, unknown> = (source, _args, _context, info) => {
  const value = source[info.fieldName];
  const key = source[`${info.fieldName}Id`];
  if (value !== undefined || key === undefined || key === null) return value;
  const type = getNamedType(info.returnType);
  return isObjectType(type) ? { __typename: type.name, id: key } : value;
};
