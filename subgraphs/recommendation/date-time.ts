/** The scalar DateTime: kept as text both ways, because the offset a client writes says where it is local. */
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

function checked(value: unknown): string {
  if (typeof value === 'string' && RFC_3339.test(value) && !Number.isNaN(Date.parse(value))) return value;
  const message = `Not a time of RFC 3339 with an offset: ${JSON.stringify(String(value).slice(0, 60))}.`;
  throw new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

export const dateTime = new GraphQLScalarType({
  name: 'DateTime',
  serialize: checked,
  parseValue: checked,
  parseLiteral: (node) => checked(node.kind === Kind.STRING ? node.value : null),
});

/** As answers say it, in UTC. */
export const toDateTime = (at: number): string => new Date(at).toISOString();
