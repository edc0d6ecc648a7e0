/**
 * A supergraph as the gateway sees it: the API schema, Apollo's query planner, and which subscription fields are fed from
 * which topics. Generic: everything is read from the SDL, no field of ours is known by name.
 */
import { operationFromDocument, type Schema, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  valueFromASTUntyped,
} from 'graphql';
import type { CoalesceRule } from './live-coalescer.ts';

/** Where a subscription field's events come from: `@kafkaSubscribe`, whose arguments are described in schema/events.graphql. */
export interface LiveField {
  readonly field: GraphQLField<unknown, unknown>;
  readonly topic: string;
  readonly key: string | null;
  readonly sequence: string | null;
  readonly replay: { readonly subgraph: string; readonly field: GraphQLField<unknown, unknown> } | null;
  readonly after: string | null;
  readonly readmitOn: ReadonlySet<string>;
  /** Where those events come from. */
  readonly readmitTopic: string;
  readonly coalesceMs: number | null;
  /** Lists of the event that are merged, by name: `@coalesce`. */
  readonly coalesceRules: ReadonlyMap<string, CoalesceRule>;
  /** Whether it takes an event's type to say which GraphQL type shows it. */
  readonly abstract: boolean;
}

export interface SupergraphModel {
  readonly sdl: string;
  readonly apiSchema: GraphQLSchema;
  /** The API schema as Apollo's planner and executor want it. */
  readonly coreApiSchema: Schema;
  readonly supergraphSchema: GraphQLSchema;
  readonly planner: QueryPlanner;
  readonly liveFields: ReadonlyMap<string, LiveField>;
  /** The subgraph without a server that holds the subscription fields, with its schema; null: there are none. */
  readonly events: { readonly subgraph: string; readonly schema: GraphQLSchema } | null;
  /** Event type (`room.playback.paused`) to the GraphQL type that shows it. */
  readonly eventTypes: ReadonlyMap<string, string>;
  plan(document: DocumentNode, operationName: string | undefined): ReturnType<QueryPlanner['buildQueryPlan']>;
}

/** @throws Error where the SDL is no supergraph, or a directive names what is not there */
export function readSupergraph(sdl: string): SupergraphModel {
  const supergraph = Supergraph.build(sdl, { validateSupergraph: false });
  const coreApiSchema = supergraph.apiSchema();
  const planner = new QueryPlanner(supergraph);
  const apiSchema = coreApiSchema.toGraphQLJSSchema();
  const subgraphs = new Map(
    supergraph
      .subgraphs()
      .values()
      .map((subgraph) => [subgraph.name, subgraph]),
  );
  const types = parse(sdl).definitions.filter((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION);

  const holder = [...subgraphs.values()].find((subgraph) => subgraph.schema.schemaDefinition.rootType('subscription'));
  const events = holder ? { subgraph: holder.name, schema: holder.schema.toGraphQLJSSchema() } : null;
  const queryType = (name: string): GraphQLObjectType | null | undefined =>
    subgraphs.get(name)?.schema.toGraphQLJSSchema().getQueryType();
  return {
    sdl,
    apiSchema,
    coreApiSchema,
    supergraphSchema: supergraph.schema.toGraphQLJSSchema(),
    planner,
    liveFields: readLiveFields(apiSchema, types, queryType),
    events,
    eventTypes: readEventTypes(types),
    plan: (document, operationName) =>
      planner.buildQueryPlan(operationFromDocument(coreApiSchema, document, { operationName, validate: false })),
  };
}

function directive(node: { readonly directives?: readonly ConstDirectiveNode[] }, name: string) {
  const found = node.directives?.find((each) => each.name.value === name);
  return found && Object.fromEntries((found.arguments ?? []).map((a) => [a.name.value, valueFromASTUntyped(a.value)]));
}

function readLiveFields(
  apiSchema: GraphQLSchema,
  types: readonly ObjectTypeDefinitionNode[],
  queryType: (subgraph: string) => GraphQLObjectType | null | undefined,
): Map<string, LiveField> {
  const live = new Map<string, LiveField>();
  const subscription = apiSchema.getSubscriptionType();
  const node = types.find((type) => type.name.value === subscription?.name);
  for (const field of node?.fields ?? []) {
    const source = directive(field, 'kafkaSubscribe');
    const inApi = subscription?.getFields()[field.name.value];
    if (!source || !inApi) continue;
    let replay: LiveField['replay'] = null;
    if (source['replay']) {
      const [subgraph = '', name = ''] = String(source['replay']).split('.');
      const target = queryType(subgraph)?.getFields()[name];
      if (!target) throw new Error(`@kafkaSubscribe on ${inApi.name}: subgraph ${subgraph} has no Query.${name}`);
      replay = { subgraph, field: target };
    }
    const topic = String(source['topic']);
    const shows = getNamedType(inApi.type);
    const coalesceMs = (source['coalesceMs'] as number | undefined) ?? null;
    if (coalesceMs !== null && (source['sequence'] || !(coalesceMs > 0))) {
      throw new Error(
        `@kafkaSubscribe on ${inApi.name}: coalesceMs is more than 0, and not for a field with a sequence`,
      );
    }
    live.set(inApi.name, {
      field: inApi,
      topic,
      key: (source['key'] as string | undefined) ?? null,
      sequence: (source['sequence'] as string | undefined) ?? null,
      replay,
      after: (source['after'] as string | undefined) ?? null,
      readmitOn: new Set((source['readmitOn'] as string[] | undefined) ?? []),
      readmitTopic: (source['readmitTopic'] as string | undefined) ?? topic,
      coalesceMs,
      coalesceRules: readCoalesceRules(types.find((type) => type.name.value === shows.name)),
      abstract: isAbstractType(shows),
    });
  }
  return live;
}

function readCoalesceRules(type: ObjectTypeDefinitionNode | undefined): Map<string, CoalesceRule> {
  const rules = new Map<string, CoalesceRule>();
  for (const field of type?.fields ?? []) {
    const rule = directive(field, 'coalesce');
    if (rule) rules.set(field.name.value, { by: String(rule['by']), sum: (rule['sum'] as string[] | undefined) ?? [] });
  }
  return rules;
}

function readEventTypes(types: readonly ObjectTypeDefinitionNode[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const type of types) {
    for (const name of (directive(type, 'eventType')?.['names'] as string[] | undefined) ?? []) {
      names.set(name, type.name.value);
    }
  }
  return names;
}
