/** Random operations over a schema, seeded: fields, aliases, fragments, @skip and @include, for comparing two executors. */
import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

/** A small seeded generator (mulberry32): the same operations in every run. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface GeneratedOperation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface Generator {
  readonly schema: GraphQLSchema;
  readonly random: () => number;
  /** Text of the arguments by `Type.field`; a field with required arguments that is not named here is left out. */
  readonly args: Readonly<Record<string, string>>;
  readonly maxDepth: number;
}

export function generateOperation({ schema, random, args, maxDepth }: Generator): GeneratedOperation {
  const fragments: string[] = [];
  const chance = (probability: number) => random() < probability;
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const condition = () =>
    chance(0.12) ? pick([' @include(if: $yes)', ' @skip(if: $no)', ' @include(if: $no)', ' @skip(if: $late)']) : '';

  const fieldText = (parent: GraphQLNamedType, field: GraphQLField<unknown, unknown>, depth: number): string | null => {
    const given = args[`${parent.name}.${field.name}`];
    if (given === undefined && field.args.some(isRequiredArgument)) return null;
    const type = getNamedType(field.type);
    if (isCompositeType(type) && depth >= maxDepth) return null;
    // One alias per field and arguments, so that two selections of it can always be merged.
    const alias = chance(0.15) ? `${field.name}As: ` : '';
    const body = isCompositeType(type) ? ` ${selection(type, depth + 1)}` : '';
    return `${alias}${field.name}${given ? `(${given})` : ''}${condition()}${body}`;
  };

  const selection = (type: GraphQLNamedType, depth: number): string => {
    const parts: string[] = [];
    if (!('getFields' in type)) return `{ __typename }`;
    const fields = Object.values(type.getFields()) as GraphQLField<unknown, unknown>[];
    const wanted = 1 + Math.floor(random() * 4);
    for (let tries = 0; parts.length < wanted && tries < 12; tries += 1) {
      const text = fieldText(type, pick(fields), depth);
      if (text) parts.push(text);
    }
    if (chance(0.2)) parts.push('__typename');
    if (parts.length > 0 && chance(0.2)) {
      const name = `F${fragments.length}`;
      fragments.push(`fragment ${name} on ${type.name} { ${parts.join(' ')} }`);
      parts.push(`...${name}${condition()}`);
    }
    if (isAbstractType(type)) {
      for (const possible of schema.getPossibleTypes(type))
        if (chance(0.5)) parts.push(`... on ${possible.name} ${selection(possible, depth + 1)}`);
    } else if (isObjectType(type) && chance(0.1)) parts.push(`... on ${type.name} { __typename }`);
    return `{ ${parts.length > 0 ? parts.join(' ') : '__typename'} }`;
  };

  const body = selection(schema.getQueryType() as GraphQLNamedType, 0);
  const text = [body, ...fragments].join('\n');
  const declared = ['$yes: Boolean = true', '$no: Boolean!', '$late: Boolean = false'].filter((each) =>
    text.includes(each.slice(0, each.indexOf(':'))),
  );
  return {
    query: `query ${declared.length > 0 ? `(${declared.join(', ')})` : ''} ${text}`,
    variables: { no: false, ...(chance(0.5) && { late: chance(0.5) }) },
  };
}
