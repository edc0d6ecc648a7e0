/**
 * For how long the answer of an operation may be kept by caches between the client and us: `@cacheControl` of the supergraph, as
 * Apollo Server reads it, but stricter. The least `maxAge` counts; a root field or an object without one has 0, `inheritMaxAge` takes
 * that of what it is below; a plain value has that of its object, but only where the subgraph answers it that answers the object's
 * nearest `maxAge`: what another subgraph adds to a type needs a hint of its own. Anything private, and anything that needs somebody to be
 * signed in, is not kept at all.
 */
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';

interface Hint {
  readonly maxAge?: number;
  readonly inheritMaxAge?: boolean;
  readonly scope?: string;
}

/** What holds for the fields of an object. */
interface Inherited {
  readonly maxAge: number;
  /** The subgraphs that can answer the field with that age. */
  readonly graphs: ReadonlySet<string>;
}

export class CachePolicy {
  readonly #schema: GraphQLSchema;
  /** By `Type` and `Type.field`. */
  readonly #hints = new Map<string, Hint>();
  /** Subgraphs by `Type`, and by `Type.field` where not all of the type's have it. */
  readonly #graphs = new Map<string, ReadonlySet<string>>();
  readonly #known = new WeakMap<OperationDefinitionNode, number>();

  constructor(schema: GraphQLSchema, supergraphSdl: string) {
    this.#schema = schema;
    for (const node of parse(supergraphSdl, { noLocation: true }).definitions) {
      if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
      this.#read(node.name.value, node.directives ?? [], 'join__type');
      for (const field of node.fields ?? []) {
        this.#read(`${node.name.value}.${field.name.value}`, field.directives ?? [], 'join__field');
      }
    }
  }

  /** Seconds for which everybody may be given the same answer; 0: it must not be kept. */
  maxAgeOf(document: DocumentNode, operation: OperationDefinitionNode): number {
    const root = this.#schema.getQueryType();
    if (operation.operation !== 'query' || !root || this.#hints.size === 0) return 0;
    let maxAge = this.#known.get(operation);
    if (maxAge === undefined) {
      maxAge = this.#selections(document, operation.selectionSet, root, { maxAge: 0, graphs: new Set() });
      if (maxAge === Number.POSITIVE_INFINITY) maxAge = 0; // nothing but __typename
      this.#known.set(operation, maxAge);
    }
    return maxAge;
  }

  #read(coordinate: string, directives: readonly ConstDirectiveNode[], join: string): void {
    const hint = directives.find(({ name }) => name.value === 'cacheControl');
    if (hint) this.#hints.set(coordinate, argumentsOf(hint));
    const joins = directives.filter(({ name }) => name.value === join).map(argumentsOf);
    const graphs = joins.filter(({ external }) => !external).flatMap(({ graph }) => graph ?? []);
    if (graphs.length > 0) this.#graphs.set(coordinate, new Set(graphs));
  }

  #selections(document: DocumentNode, set: SelectionSetNode, type: GraphQLNamedType, above: Inherited): number {
    const ages = set.selections.map((node) => {
      if (node.kind === Kind.FIELD) return this.#field(document, node, type, above);
      const fragment =
        node.kind === Kind.INLINE_FRAGMENT
          ? node
          : document.definitions.find(
              (each) => each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === node.name.value,
            );
      if (!fragment || !('selectionSet' in fragment)) return 0;
      const condition = 'typeCondition' in fragment ? fragment.typeCondition?.name.value : undefined;
      const narrowed = condition === undefined ? type : this.#schema.getType(condition);
      return narrowed ? this.#selections(document, fragment.selectionSet, narrowed, above) : 0;
    });
    return Math.min(...ages);
  }

  #field(document: DocumentNode, node: FieldNode, parent: GraphQLNamedType, above: Inherited): number {
    const name = node.name.value;
    if (name === '__typename') return Number.POSITIVE_INFINITY;
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    if (!field) return 0; // introspection
    const type = getNamedType(field.type);
    const coordinate = `${parent.name}.${name}`;
    const graphs = this.#graphs.get(coordinate) ?? this.#graphs.get(parent.name) ?? new Set<string>();
    const [own, ofType] = [this.#hints.get(coordinate), this.#hints.get(type.name)];
    if (own?.scope === 'PRIVATE' || ofType?.scope === 'PRIVATE') return 0;
    const here = this.#ageHere(own ?? ofType, isCompositeType(type), graphs, above);
    if (here.maxAge === 0 || !node.selectionSet) return here.maxAge;
    return Math.min(here.maxAge, this.#selections(document, node.selectionSet, type, here));
  }

  #ageHere(hint: Hint | undefined, isObject: boolean, graphs: ReadonlySet<string>, above: Inherited): Inherited {
    if (hint?.maxAge !== undefined) return { maxAge: hint.maxAge, graphs };
    const inherits = hint?.inheritMaxAge ?? !isObject;
    const shared = new Set([...graphs].filter((graph) => above.graphs.has(graph)));
    return inherits && shared.size > 0 ? { maxAge: above.maxAge, graphs: shared } : { maxAge: 0, graphs };
  }
}

const argumentsOf = (node: ConstDirectiveNode): Hint & { graph?: string; external?: boolean } =>
  Object.fromEntries((node.arguments ?? []).map((each) => [each.name.value, valueFromASTUntyped(each.value)]));
