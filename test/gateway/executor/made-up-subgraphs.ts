/**
 * Subgraphs that make their data up: every value follows from the entity, the field and its arguments alone, so that it is the
 * same however it is asked for. Some fields are null, some fail; graphql-js executes, so errors and nulls go as they do in a real
 * subgraph. Fast enough for thousands of operations.
 */
import { Supergraph } from '@apollo/federation-internals';
import type { GraphQLDataSource } from '@apollo/gateway';
import {
  execute,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNullableType,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
} from 'graphql';

export interface Faults {
  /** Share of nullable fields that are null, and of fields that fail, 0 to 1. */
  readonly nulls: number;
  readonly errors: number;
  /** Subgraphs that do not answer. */
  readonly dead: readonly string[];
  /** Share of scalars that are of another type than they should be. */
  readonly nonsense: number;
}

/** Which entity an object is: all that is made up of it follows from this. */
interface Made {
  readonly __typename: string;
  readonly identity: string;
  /** Fields that the gateway sent along. */
  readonly given: Readonly<Record<string, unknown>>;
}

/** @param keys names of the fields by which entities are known */
export function madeUpSubgraphs(
  supergraphSdl: string,
  keys: ReadonlySet<string>,
  faults: () => Faults,
  called: (name: string) => void,
): Record<string, GraphQLDataSource> {
  const subgraphs = Supergraph.build(supergraphSdl, { validateSupergraph: false }).subgraphs().values();
  return Object.fromEntries(
    subgraphs.map(({ name, schema }) => [name, madeUpSubgraph(name, schema.toGraphQLJSSchema(), keys, faults, called)]),
  );
}

function madeUpSubgraph(
  name: string,
  schema: GraphQLSchema,
  keys: ReadonlySet<string>,
  faults: () => Faults,
  called: (name: string) => void,
): GraphQLDataSource {
  const make = (type: GraphQLOutputType, seed: string): unknown => {
    const share = hash(`${seed} fate`) / 2 ** 32;
    const { nulls, errors } = faults();
    if (share > 1 - errors) throw new GraphQLError(`no ${seed.slice(-20)}`, { extensions: { code: 'NOT_FOUND' } });
    if (!isNonNullType(type) && share < nulls) return null;
    const plain = getNullableType(type);
    if (isListType(plain))
      return Array.from({ length: hash(seed) % 3 }, (_, at) => make(plain.ofType, `${seed}.${at}`));
    if (isEnumType(plain)) return plain.getValues()[hash(seed) % plain.getValues().length]?.value;
    const possible = isAbstractType(plain) ? schema.getPossibleTypes(plain) : [plain];
    const actual = possible[hash(`${seed} type`) % possible.length];
    // Few of each type, so that entities meet again at other places.
    if (isObjectType(actual))
      return { __typename: actual.name, identity: `${actual.name}${hash(seed) % 5}`, given: {} };
    return SCALARS[String(plain)]?.(seed) ?? `value ${hash(seed) % 100}`;
  };
  const fieldResolver: GraphQLFieldResolver<Made | undefined, unknown> = (source, args, _context, info) => {
    const { fieldName, returnType } = info;
    if (fieldName === '_entities') {
      return (args['representations'] as Record<string, unknown>[]).map((given) => {
        const key = Object.keys(given).find((each) => keys.has(each)) ?? '';
        return { __typename: given['__typename'], identity: given[key], given };
      });
    }
    if (source && Object.hasOwn(source.given, fieldName)) return source.given[fieldName];
    if (source && keys.has(fieldName)) return source.identity;
    return make(returnType, `${source?.identity ?? 'root'}.${fieldName}(${JSON.stringify(args)})`);
  };
  return {
    async process({ request }) {
      called(name);
      if (faults().dead.includes(name)) throw new Error('connection refused');
      const document = parse(request.query ?? '', { noLocation: true });
      const typeResolver = (value: Made) => value.__typename;
      const variableValues = request.variables ?? {};
      const result = await execute({
        schema,
        document,
        variableValues,
        fieldResolver,
        typeResolver: typeResolver as never,
      });
      return JSON.parse(JSON.stringify(result), (key, value) => spoil(key, value, faults().nonsense));
    },
  };
}

const SCALARS: Readonly<Record<string, (seed: string) => unknown>> = {
  Int: (seed) => hash(seed) % 1000,
  Float: (seed) => (hash(seed) % 1000) / 8,
  Boolean: (seed) => hash(seed) % 2 === 0,
};

/** By the value itself, so that it is spoilt wherever it stands; never what entities are known by. */
const spoil = (key: string, value: unknown, nonsense: number): unknown =>
  typeof value === 'string' && value.startsWith('value') && hash(value) / 2 ** 32 < nonsense && key !== 'message'
    ? { odd: true }
    : value;

/** FNV-1a, mixed. */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  sum = Math.imul(sum ^ (sum >>> 15), 0x2c1b3c6d);
  return (sum ^ (sum >>> 13)) >>> 0;
}
