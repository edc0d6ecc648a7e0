/**
 * What an operation may cost at most, before it is planned: one for every object it could bring, with the numbers that the
 * request itself gives (`first: 50`). After the IBM cost specification, whose `@cost` and `@listSize` are read from the
 * supergraph where a subgraph has them; without them the conventions of the Relay connection hold.
 */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type GraphQLType,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';

/** A list of which neither the schema nor the request says how long it is. */
const ASSUMED_SIZE = 5;
const SLICING_ARGUMENTS = ['first', 'last', 'limit'];
const SIZED_FIELDS = ['edges', 'nodes'];
/** A mutation or subscription does more than it shows. */
const ROOT_WEIGHT = { query: 0, mutation: 10, subscription: 10 } as const;

interface Weighing {
  readonly weight?: number;
  readonly assumedSize?: number;
  readonly slicingArguments?: readonly string[];
  readonly sizedFields?: readonly string[];
}

type Variables = Readonly<Record<string, unknown>>;

export class CostModel {
  readonly #schema: GraphQLSchema;
  readonly #weighing: ReadonlyMap<string, Weighing>;

  constructor(schema: GraphQLSchema, supergraphSdl: string) {
    this.#schema = schema;
    this.#weighing = readWeighing(supergraphSdl);
  }

  /** The cost of a valid operation. Linear in the document: a fragment is weighed once per size of list it stands in. */
  costOf(document: DocumentNode, operation: OperationDefinitionNode, variables: Variables): number {
    const root = this.#schema.getRootType(operation.operation);
    if (!root) return 0;
    const defaults = (operation.variableDefinitions ?? []).flatMap((each) =>
      each.defaultValue ? [[each.variable.name.value, valueFromASTUntyped(each.defaultValue)] as const] : [],
    );
    const given = { ...Object.fromEntries(defaults), ...variables };
    const fragments = new Map<string, FragmentDefinitionNode>();
    for (const node of document.definitions) {
      if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
    }
    const weigh = new Weigh(this.#schema, this.#weighing, fragments, given);
    const rootWeight = ROOT_WEIGHT[operation.operation] * operation.selectionSet.selections.length;
    return rootWeight + weigh.selections(operation.selectionSet, root, null);
  }
}

/** The size a slicing argument gave to some fields below. */
interface Inherited {
  readonly size: number;
  readonly fields: readonly string[];
}

class Weigh {
  readonly #schema: GraphQLSchema;
  readonly #weighing: ReadonlyMap<string, Weighing>;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #variables: Variables;
  readonly #weighed = new Map<string, number>();

  constructor(
    schema: GraphQLSchema,
    weighing: ReadonlyMap<string, Weighing>,
    fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    variables: Variables,
  ) {
    this.#schema = schema;
    this.#weighing = weighing;
    this.#fragments = fragments;
    this.#variables = variables;
  }

  selections(set: SelectionSetNode, type: GraphQLNamedType, inherited: Inherited | null): number {
    let cost = 0;
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) cost += this.#field(node, type, inherited);
      else if (node.kind === Kind.INLINE_FRAGMENT) {
        cost += this.selections(node.selectionSet, this.#type(node.typeCondition?.name.value) ?? type, inherited);
      } else cost += this.#fragment(node.name.value, inherited);
    }
    return cost;
  }

  #type(name: string | undefined): GraphQLNamedType | undefined {
    return name === undefined ? undefined : this.#schema.getType(name);
  }

  #fragment(name: string, inherited: Inherited | null): number {
    const key = `${name} ${inherited?.size} ${inherited?.fields}`;
    const known = this.#weighed.get(key);
    if (known !== undefined) return known;
    const node = this.#fragments.get(name);
    const type = this.#type(node?.typeCondition.name.value);
    const cost = node && type ? this.selections(node.selectionSet, type, inherited) : 0;
    this.#weighed.set(key, cost);
    return cost;
  }

  #field(node: FieldNode, parent: GraphQLNamedType, inherited: Inherited | null): number {
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined;
    if (!field) return 0; // __typename, and introspection where it is on
    const named = getNamedType(field.type);
    const weighing = this.#weighing.get(`${parent.name}.${field.name}`) ?? {};
    const weight = weighing.weight ?? this.#weighing.get(named.name)?.weight ?? (isCompositeType(named) ? 1 : 0);
    const slicing = weighing.slicingArguments ?? SLICING_ARGUMENTS;
    const sizes = field.args
      .filter((argument) => slicing.includes(argument.name))
      .map((argument) => {
        const value = node.arguments?.find((each) => each.name.value === argument.name)?.value;
        return this.#size(value) ?? (value ? undefined : asSize(argument.defaultValue));
      })
      .filter((size) => size !== undefined);
    const size = sizes.length > 0 ? Math.max(...sizes) : weighing.assumedSize;
    const list = isList(field.type);
    const byParent = inherited?.fields.includes(field.name) ? inherited.size : undefined;
    const times = list ? (size ?? byParent ?? ASSUMED_SIZE) : 1;
    const sized = weighing.sizedFields ?? (list ? [] : SIZED_FIELDS);
    const below = size !== undefined && sized.length > 0 ? { size, fields: sized } : null;
    return times * (weight + (node.selectionSet ? this.selections(node.selectionSet, named, below) : 0));
  }

  #size(value: ValueNode | undefined): number | undefined {
    if (!value) return undefined;
    if (value.kind === Kind.VARIABLE) return asSize(this.#variables[value.name.value]);
    return value.kind === Kind.INT ? asSize(Number(value.value)) : undefined;
  }
}

const asSize = (value: unknown): number | undefined =>
  typeof value === 'number' && value >= 0 ? Math.min(value, 1_000_000) : undefined;

const isList = (type: GraphQLType): boolean => isListType(getNullableType(type));

function readWeighing(supergraphSdl: string): Map<string, Weighing> {
  const found = new Map<string, Weighing>();
  const read = (coordinate: string, node: { readonly directives?: readonly unknown[] | undefined }) => {
    for (const each of (node.directives ?? []) as readonly import('graphql').ConstDirectiveNode[]) {
      if (!['cost', 'listSize', 'cost__listSize'].includes(each.name.value)) continue;
      const values = Object.fromEntries(
        (each.arguments ?? []).map((a) => [a.name.value, valueFromASTUntyped(a.value)]),
      );
      found.set(coordinate, { ...found.get(coordinate), ...(values as Weighing) });
    }
  };
  for (const node of parse(supergraphSdl, { noLocation: true }).definitions) {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    read(node.name.value, node);
    for (const field of node.fields ?? []) read(`${node.name.value}.${field.name.value}`, field);
  }
  return found;
}
