/** What is asked of subgraphs, and how often: calls that travel together, and answers under way that are shared. */
import { composeServices } from '@apollo/composition';
import type { GraphQLDataSource } from '@apollo/gateway';
import { expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { type ExecutorOptions, QueryExecutor } from '../../../gateway/executor/query-executor.ts';
import { readSupergraph } from '../../../gateway/supergraph.ts';
import type { Identity } from '../../../platform/identity.ts';
import { NESTED } from '../../bench/gateway-load.ts';
import { SDL } from '../../bench/gateway-subgraphs.ts';
import { eventually } from '../../support/eventually.ts';
import { identity } from './apollo-executor.ts';
import { madeUpSubgraphs } from './made-up-subgraphs.ts';

const { supergraphSdl = '' } = composeServices(
  Object.entries({
    ...SDL,
    accounts: `${SDL['accounts']} type Mutation { rename(name: String!): User }`,
    reviews: `${SDL['reviews']} type Mutation { review(body: String!): Review }`,
  }).map(([name, sdl]) => ({ name, typeDefs: parse(sdl) })),
);
const model = readSupergraph(supergraphSdl);
const NONE = { nulls: 0, errors: 0, dead: [], nonsense: 0 };

/** An executor whose subgraphs answer only when told, where `holding` names them. */
function setUp(options: ExecutorOptions = {}) {
  const calls: string[] = [];
  const holding = new Map<string, Promise<void>>();
  const made = madeUpSubgraphs(
    supergraphSdl,
    new Set(['id', 'upc']),
    () => NONE,
    (name) => calls.push(name),
  );
  const sources = Object.fromEntries(
    Object.entries(made).map(([name, source]): [string, GraphQLDataSource] => [
      name,
      {
        async process(request) {
          const answer = source.process(request);
          await holding.get(name);
          return answer;
        },
      },
    ]),
  );
  const executor = new QueryExecutor(model, sources, options);
  const ask = (query: string, who: Identity = identity, variables = {}) =>
    executor.execute({ key: query, document: parse(query), variables, context: { identity: who } });
  const hold = (name: string): (() => void) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    holding.set(name, promise);
    return () => {
      holding.delete(name);
      resolve();
    };
  };
  return { ask, calls, hold };
}

const USERS = '{ users { id name } }';

test('the same query of the same viewer, asked again while under way, is answered by one execution', async () => {
  const { ask, calls } = setUp();
  const [first, second] = await Promise.all([ask(USERS), ask(USERS, { ...identity })]);
  expect(calls).toEqual(['accounts']);
  expect(second).toBe(first);
  await ask(USERS);
  expect(calls).toEqual(['accounts', 'accounts']);
});

test('nothing is shared with another user, other scopes, other variables, or where sharing is off', async () => {
  const { ask, calls } = setUp();
  const other = { ...identity, userId: '02' };
  const scoped = { ...identity, scopes: ['admin'] };
  const top = 'query ($first: Int) { topProducts(first: $first) { upc } }';
  await Promise.all([ask(USERS), ask(USERS, other), ask(USERS, scoped)]);
  await Promise.all([ask(top, identity, { first: 1 }), ask(top, identity, { first: 2 })]);
  expect(calls).toEqual(['accounts', 'accounts', 'accounts', 'products', 'products']);
  const alone = setUp({ sharing: false });
  await Promise.all([alone.ask(USERS), alone.ask(USERS)]);
  expect(alone.calls).toEqual(['accounts', 'accounts']);
});

test('different operations share the calls that are alike, and each has an answer of its own', async () => {
  const { ask, calls } = setUp();
  const [first, second] = await Promise.all([
    ask('{ users { id reviews { id } } }'),
    ask('{ users { id reviews { id } } __typename }'),
  ]);
  expect(calls).toEqual(['accounts', 'reviews']);
  expect(second.data).toEqual({ ...first.data, __typename: 'Query' });
  expect(second.data?.['users']).not.toBe(first.data?.['users']);
});

test('a query asked after a mutation is not answered from before it; mutations are never shared', async () => {
  const { ask, calls, hold } = setUp();
  const answerFirst = hold('accounts');
  const before = ask(USERS);
  await eventually(() => calls.length === 1);
  const answerSecond = hold('accounts');
  const rename = 'mutation { rename(name: "A") { id } }';
  const changes = [ask(rename), ask(rename)];
  await eventually(() => calls.length === 3);
  answerSecond();
  await Promise.all(changes);
  const after = ask(USERS);
  await eventually(() => calls.length === 4);
  answerFirst();
  expect((await before).data).toEqual((await after).data);
  expect(await before).not.toBe(await after);
});

test('mutations of several subgraphs run one after another, in the order asked', async () => {
  const { ask, calls, hold } = setUp();
  const release = hold('accounts');
  const answer = ask(`mutation {
    first: rename(name: "A") { id }
    second: review(body: "B") { id }
    third: rename(name: "C") { id name }
  }`);
  await eventually(() => calls.length === 1);
  expect(calls).toEqual(['accounts']);
  release();
  expect((await answer).errors).toBeUndefined();
  expect(calls).toEqual(['accounts', 'reviews', 'accounts']);
});

test('the nested query takes one call for each subgraph and moment: six', async () => {
  const { ask, calls } = setUp({ sharing: false });
  const { data, errors } = await ask(NESTED, identity, { salt: 1, first: 3 });
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({ users: expect.any(Array), topProducts: expect.any(Array) });
  expect([...calls].sort()).toEqual(['accounts', 'accounts', 'inventory', 'products', 'products', 'reviews']);
});

test('a subgraph that hangs does not hold back what could travel without it', async () => {
  const { ask, calls, hold } = setUp();
  const release = hold('reviews');
  const answer = ask(NESTED, identity, { salt: 1, first: 3 });
  // Of the products at the root all is known that inventory needs; the others wait for the reviews.
  await eventually(() => calls.includes('inventory'));
  expect(calls.filter((name) => name === 'inventory')).toHaveLength(1);
  release();
  expect((await answer).errors).toBeUndefined();
  expect(calls.filter((name) => name === 'inventory')).toHaveLength(2);
});
