/**
 * The four subgraphs of the published gateway comparisons (accounts, inventory, products, reviews) with static data, in one
 * process: /accounts, /inventory, /products, /reviews. GET /calls tells how many requests each has had. Prints its port. Answers are
 * kept by the text of the request: here too subgraphs are to cost little beside the gateways. Shape: the Apollo federation demo, as in graphql-hive/graphql-gateways-benchmark.
 */
import { createServer } from 'node:http';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type DocumentNode, execute, type GraphQLSchema, parse } from 'graphql';
import { BoundedMap } from '../../platform/bounded-map.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires"])';

export const SDL: Readonly<Record<string, string>> = {
  accounts: `${LINK}
    type Query { me: User users(salt: Int): [User!]! }
    type User @key(fields: "id") { id: ID! name: String username: String birthday: Int }`,
  inventory: `${LINK}
    type Product @key(fields: "upc") {
      upc: String! weight: Int @external price: Int @external inStock: Boolean
      shippingEstimate: Int @requires(fields: "price weight")
    }`,
  products: `${LINK}
    type Query { topProducts(first: Int = 5, salt: Int): [Product!]! }
    type Product @key(fields: "upc") { upc: String! name: String price: Int weight: Int }`,
  reviews: `${LINK}
    type Review @key(fields: "id") { id: ID! body: String author: User product: Product }
    type User @key(fields: "id") { id: ID! reviews: [Review!] numberOfReviews: Int! }
    type Product @key(fields: "upc") { upc: String! reviews: [Review!] }`,
};

const NAMES = ['Uri Goldshtein', 'Dotan Simha', 'Kamil Kisiela', 'Arda Tanrikulu', 'Gil Gardosh', 'Laurin Quast'];
const PRODUCTS = ['Table', 'Couch', 'Glass', 'Chair', 'TV', 'Lamp', 'Grill', 'Fridge', 'Sofa'];
const BODY =
  'Love it! Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua.';

const users = NAMES.map((name, n) => ({
  id: `${n + 1}`,
  name,
  username: name.toLowerCase().replace(' ', ''),
  birthday: 1990 + n,
}));
const products = PRODUCTS.map((name, n) => ({ upc: `${n + 1}`, name, price: 899 + n * 100, weight: 50 * (n + 1) }));
const reviews = Array.from({ length: 11 }, (_, n) => ({
  id: `${n + 1}`,
  body: `${BODY} ${n}`,
  authorId: `${(n % users.length) + 1}`,
  upc: `${(n % products.length) + 1}`,
}));

type Ref = Readonly<Record<string, never>>;
const shown = (list: typeof reviews) =>
  list.map(({ id, body, authorId, upc }) => ({ id, body, author: { id: authorId }, product: { upc } }));
const resolvers: Readonly<Record<string, object>> = {
  accounts: {
    Query: { me: () => users[0], users: () => users },
    User: { __resolveReference: ({ id }: Ref) => users.find((user) => user.id === id) },
  },
  inventory: {
    Product: {
      __resolveReference: (product: Ref) => ({ ...product, inStock: Number(product['upc']) % 2 === 1 }),
      shippingEstimate: ({ price, weight }: { price: number; weight: number }) => (price > 1000 ? 0 : weight / 2),
    },
  },
  products: {
    Query: { topProducts: (_: unknown, { first }: { first: number }) => products.slice(0, first) },
    Product: { __resolveReference: ({ upc }: Ref) => products.find((product) => product.upc === upc) },
  },
  reviews: {
    Review: { __resolveReference: ({ id }: Ref) => shown(reviews.filter((review) => review.id === id))[0] },
    User: {
      reviews: ({ id }: Ref) => shown(reviews.filter(({ authorId }) => authorId === id)),
      numberOfReviews: ({ id }: Ref) => reviews.filter(({ authorId }) => authorId === id).length,
    },
    Product: { reviews: (product: Ref) => shown(reviews.filter(({ upc }) => upc === product['upc'])) },
  },
};

if (import.meta.main) {
  const schemas: Record<string, GraphQLSchema> = {};
  for (const [name, sdl] of Object.entries(SDL)) {
    schemas[name] = buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: resolvers[name] as never });
  }
  const documents = new BoundedMap<string, DocumentNode>(1_000);
  const answers = new BoundedMap<string, string>(1_000);
  const calls: Record<string, number> = { accounts: 0, inventory: 0, products: 0, reviews: 0 };
  const server = createServer((request, response) => {
    const name = request.url?.slice(1) ?? '';
    if (name === 'calls') return void response.end(JSON.stringify(calls));
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', async () => {
      const schema = schemas[name];
      if (!schema) return void response.writeHead(404).end();
      calls[name] = (calls[name] ?? 0) + 1;
      const body = Buffer.concat(chunks).toString('utf8');
      const key = name + body;
      let answer = answers.get(key);
      if (answer === undefined) {
        const { query, variables, operationName } = JSON.parse(body);
        const document = documents.get(query) ?? parse(query);
        documents.set(query, document);
        answer = JSON.stringify(await execute({ schema, document, variableValues: variables, operationName }));
        answers.set(key, answer);
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
    });
  });
  server.listen(0, '127.0.0.1', () => console.log(`port ${(server.address() as { port: number }).port}`));
}
