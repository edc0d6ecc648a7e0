/**
 * What an operation may cost at most, before it is planned: one for every object it could bring, with the numbers that the
 * request itself gives (`first: 50`). After the IBM cost specification, whose `@cost` and `@listSize` are read from the
 * supergraph where a subgraph has them; without them the conventions of the Relay connection hold.
 */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
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
import { type Cost, firstTold, type Given, oncePerRun, product, type Size, sum } from './cost-expression.ts';

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

interface Compiled {
  readonly defaults: Variables;
  readonly cost: Cost;
}

export class CostModel {
  readonly #schema: GraphQLSchema;
  readonly #weighing: ReadonlyMap<string, Weighing>;
  readonly #compiled = new WeakMap<OperationDefinitionNode, Compiled>();
  #runs = 0;

  constructor(schema: GraphQLSchema, supergraphSdl: string) {
    this.#schema = schema;
    this.#weighing = readWeighing(supergraphSdl);
  }

  /**
   * The cost of a valid operation. Linear in the document: a fragment is weighed once per size of list it stands in. Asked
   * again for the same operation, only what its variables decide is worked out.
   */
  costOf(document: DocumentNode, operation: OperationDefinitionNode, variables: Variables): number {
    let compiled = this.#compiled.get(operation);
    if (!compiled) {
      compiled = this.#compile(document, operation);
      this.#compiled.set(operation, compiled);
    }
    const { cost, defaults } = compiled;
    if (typeof cost === 'number') return cost;
    this.#runs += 1;
    return cost({ variables: { ...defaults, ...variables }, run: this.#runs });
  }

  #compile(document: DocumentNode, operation: OperationDefinitionNode): Compiled {
    const root = this.#schema.getRootType(operation.operation);
    if (!root) return { defaults: {}, cost: 0 };
    const defaults = (operation.variableDefinitions ?? []).flatMap((each) =>
      each.defaultValue ? [[each.variable.name.value, valueFromASTUntyped(each.defaultValue)] as const] : [],
    );
    const fragments = new Map<string, FragmentDefinitionNode>();
    for (const node of document.definitions) {
      if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
    }
    const weigh = new Weigh(this.#schema, this.#weighing, fragments);
    const rootWeight = ROOT_WEIGHT[operation.operation] * operation.selectionSet.selections.length;
    const cost = sum([rootWeight, weigh.selections(operation.selectionSet, root, null)]);
    return { defaults: Object.fromEntries(defaults), cost };
  }
}

/** The size a slicing argument gave to some fields below. */
interface Inherited {
  readonly size: Size;
  readonly fields: readonly string[];
  /** Equal for those that are alike. */
  readonly key: string;
}

class Weigh {
  readonly #schema: GraphQLSchema;
  readonly #weighing: ReadonlyMap<string, Weighing>;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #weighed = new Map<string, Cost>();

  constructor(
    schema: GraphQLSchema,
    weighing: ReadonlyMap<string, Weighing>,
    fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  ) {
    this.#schema = schema;
    this.#weighing = weighing;
    this.#fragments = fragments;
  }

  selections(set: SelectionSetNode, type: GraphQLNamedType, inherited: Inherited | null): Cost {
    return sum(
      set.selections.map((node) => {
        if (node.kind === Kind.FIELD) return this.#field(node, type, inherited);
        if (node.kind === Kind.FRAGMENT_SPREAD) return this.#fragment(node.name.value, inherited);
        return this.selections(node.selectionSet, this.#type(node.typeCondition?.name.value) ?? type, inherited);
      }),
    );
  }

  #type(name: string | undefined): GraphQLNamedType | undefined {
    return name === undefined ? undefined : this.#schema.getType(name);
  }

  #fragment(name: string, inherited: Inherited | null): Cost {
    const key = `${name} ${inherited?.key}`;
    const known = this.#weighed.get(key);
    if (known !== undefined) return known;
    const node = this.#fragments.get(name);
    const type = this.#type(node?.typeCondition.name.value);
    const cost = node && type ? oncePerRun(this.selections(node.selectionSet, type, inherited)) : 0;
    this.#weighed.set(key, cost);
    return cost;
  }

  #field(node: FieldNode, parent: GraphQLNamedType, inherited: Inherited | null): Cost {
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined;
    if (!field) return 0; // __typename, and introspection where it is on
    const named = getNamedType(field.type);
    const weighing = this.#weighing.get(`${parent.name}.${field.name}`) ?? {};
    const weight = weighing.weight ?? this.#weighing.get(named.name)?.weight ?? (isCompositeType(named) ? 1 : 0);
    const { size, key } = sizeOf(node, field, weighing);
    const list = isList(field.type);
    const sized = weighing.sizedFields ?? (list ? [] : SIZED_FIELDS);
    const below = size !== undefined && sized.length > 0 ? { size, fields: sized, key: `${key} ${sized}` } : null;
    const each = sum([weight, node.selectionSet ? this.selections(node.selectionSet, named, below) : 0]);
    if (!list) return each;
    const byParent = inherited?.fields.includes(field.name) ? inherited.size : undefined;
    return product(firstTold([size, byParent], ASSUMED_SIZE), each);
  }
}

/** The greatest that the slicing arguments of a field say, else what the schema assumes; with a key equal for equal sizes. */
function sizeOf(
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  { slicingArguments = SLICING_ARGUMENTS, assumedSize }: Weighing,
): { readonly size: Size | undefined; readonly key: string } {
  const told: number[] = [];
  const variables: string[] = [];
  for (const { name, defaultValue } of field.args) {
    if (!slicingArguments.includes(name)) continue;
    const value = node.arguments?.find((each) => each.name.value === name)?.value;
    if (value?.kind === Kind.VARIABLE) variables.push(value.name.value);
    else {
      const size = value ? literalSize(value) : asSize(defaultValue);
      if (size !== undefined) told.push(size);
    }
  }
  const fixed = told.length > 0 ? Math.max(...told) : undefined;
  if (variables.length === 0) return { size: fixed ?? assumedSize, key: `${fixed ?? assumedSize}` };
  const size = (given: Given): number | undefined => {
    let greatest = fixed;
    for (const name of variables) {
      const each = asSize(given.variables[name]);
      if (each !== undefined) greatest = Math.max(greatest ?? 0, each);
    }
    return greatest ?? assumedSize;
  };
  return { size, key: `${fixed} $${variables} ${assumedSize}` };
}

const literalSize = (value: ValueNode): number | undefined =>
  value.kind === Kind.INT ? asSize(Number(value.value)) : undefined;

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
