/** A subgraph that is gone costs its fields, not the page. */
import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { HttpDataSource, InProcessDataSource } from '../../gateway/data-sources.ts';
import { createGateway, type Gateway } from '../../gateway/gateway.ts';
import { createTokenVerifier } from '../../platform/tokens.ts';
import { openTestPorts, type TestPorts } from '../support/ports.ts';
import { SECRET } from './edge-system.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';
const ALIVE = `${LINK} type Query { titles: [Title!]! } type Title @key(fields: "id") { id: ID! name: String! }`;
const DEAD = `${LINK} type Query { rows: [String!] } type Title @key(fields: "id") { id: ID! similar: [String!] }`;

let ports: TestPorts;
let gateway: Gateway;
let dead: HttpDataSource;
let url: string;
beforeAll(async () => {
  ports = await openTestPorts();
  const services = Object.entries({ alive: ALIVE, dead: DEAD }).map(([name, sdl]) => ({ name, typeDefs: parse(sdl) }));
  const { supergraphSdl = '' } = composeServices(services);
  const resolvers = { Query: { titles: () => [{ id: '1', name: 'One' }] } };
  const schema = buildSubgraphSchema({ typeDefs: parse(ALIVE), resolvers: resolvers as never });
  const alive = {
    name: 'alive',
    schema,
    createContext: () => ({}),
    start: async () => undefined,
    stop: async () => undefined,
  };
  dead = new HttpDataSource('dead', 'http://127.0.0.1:1/graphql', 's'.repeat(32), ports.clock);
  gateway = await createGateway({
    supergraphSdl,
    sources: { alive: new InProcessDataSource(alive, ports.logger), dead },
    log: ports.log,
    logger: ports.logger,
    verifyToken: createTokenVerifier({ kind: 'secret', secret: SECRET }),
    introspection: false,
    explorer: null,
  });
  url = `http://127.0.0.1:${await gateway.listen(0, '127.0.0.1')}/graphql`;
});
afterAll(async () => {
  await gateway?.stop();
  dead?.close();
  await ports.close();
});

test('what lives is answered, what is dead is null with a code and its place; again and again', async () => {
  for (let round = 0; round < 15; round += 1) {
    const body = JSON.stringify({ query: '{ titles { name similar } rows }' });
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const { data, errors } = (await response.json()) as {
      data: unknown;
      errors: { extensions: object; path?: unknown }[];
    };
    expect([response.status, data]).toEqual([200, { titles: [{ name: 'One', similar: null }], rows: null }]);
    expect(errors.length).toBeGreaterThanOrEqual(2);
    expect(new Set(errors.map(({ extensions }) => JSON.stringify(extensions)))).toEqual(
      new Set(['{"code":"UNAVAILABLE"}']),
    );
  }
});
