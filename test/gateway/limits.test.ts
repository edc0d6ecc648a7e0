/** What one request may ask: the same over HTTP and over a socket, and enough for every operation of the project. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Kind, type OperationDefinitionNode, parse } from 'graphql';
import { CachePolicy } from '../../gateway/cache-policy.ts';
import { readFieldPolicy } from '../../gateway/field-policy.ts';
import { readKeyFields } from '../../gateway/key-aliases.ts';
import { LIMITS } from '../../gateway/limits.ts';
import { CostModel } from '../../gateway/operation-cost.ts';
import { sizeFaults } from '../../gateway/operation-size.ts';
import { Operations } from '../../gateway/operations.ts';
import { readSupergraph } from '../../gateway/supergraph.ts';
import { NO_MANIFEST } from '../../gateway/trusted-documents.ts';
import { ANONYMOUS } from '../../platform/identity.ts';
import { ROOT } from '../support/processes.ts';
import { composeShelves, EdgeSystem, TRANSPORTS } from './edge-system.ts';

let system: EdgeSystem;
beforeAll(async () => {
  system = await EdgeSystem.start();
});
afterAll(() => system.stop());

const repeat = (count: number, make: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => make(n)).join(' ');
const nested = (depth: number) =>
  `{ node(id: "1") { ... on Book ${'{ shelf { books '.repeat(depth / 2)} { id } ${'} }'.repeat(depth / 2)} } }`;

const TOO_LARGE: readonly (readonly [string, string])[] = [
  ['aliases', `{ ${repeat(101, (n) => `a${n}: __typename`)} }`],
  [
    'aliases in fragments',
    `{ ...A ...B } fragment A on Query { ${repeat(20, (n) => `a${n}: __typename`)} } fragment B on Query { ...A }`,
  ],
  ['directives at one place', '{ __typename @include(if: true) @skip(if: false) @aa @aa @aa }'],
  ['directives', `{ ${repeat(16, (n) => `a${n}: mine @include(if: true) @skip(if: false)`)} }`],
  ['repetitions', `{ ${repeat(500, () => '__typename')} }`],
  ['root fields', `{ ${repeat(21, (n) => `a${n}: mine`)} }`],
  ['levels', nested(14)],
  [
    'levels in fragments',
    `{ node(id: "1") { ...F0 } } ${repeat(14, (n) => `fragment F${n} on Book { shelf { books { ...F${n + 1} } } }`)} fragment F14 on Book { id }`,
  ],
  [
    'fields of a fragment bomb',
    `{ ...F0 } ${repeat(20, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)} fragment F20 on Query { mine }`,
  ],
  ['operations', `${repeat(21, (n) => `query Q${n} { mine }`)}`],
  ['cost of lists', '{ shelves(first: 100) { books(first: 100) { id } } }'],
  ['cost of a connection', '{ books(first: 6000) { edges { node { id } } } }'],
  ['cost from @listSize', '{ feed(count: 3000) { shelf { id } } }'],
  ['cost from @cost', '{ dear { id } }'],
];

describe.each(TRANSPORTS)('over %s', (transport) => {
  test.each(TOO_LARGE)('too many %s: refused with a code, before any subgraph is asked', async (_what, query) => {
    const before = system.fetches;
    const { status, errors, data } = await system.ask(transport, {
      query,
      operationName: query.includes('Q0') ? 'Q0' : undefined,
    });
    expect(errors.map((each) => each.extensions.code)).toContain('OPERATION_TOO_LARGE');
    expect([data ?? null, system.fetches]).toEqual([null, before]);
    if (transport === 'http') expect(status).toBe(400);
  });

  test('a fragment cycle, too many tokens, an unknown operation and no query are refused', async () => {
    const codes = async (question: Parameters<EdgeSystem['ask']>[1]) =>
      (await system.ask(transport, question)).errors.map((each) => each.extensions.code);
    const cycle = '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }';
    expect(await codes(cycle)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect(await codes(`{ ${repeat(1_999, () => 'a')} }`)).toEqual(['GRAPHQL_PARSE_FAILED']);
    expect(await codes({ query: 'query A { mine } query B { mine }', operationName: 'C' })).toEqual([
      'OPERATION_RESOLUTION_FAILURE',
    ]);
    expect(await codes({ query: 'query A { mine } query B { mine }' })).toEqual(['OPERATION_RESOLUTION_FAILURE']);
  });

  test('cost counts what variables ask for, also where they are left to their defaults', async () => {
    const query = 'query ($n: Int! = 100) { shelves(first: $n) { books(first: 60) { id } } }';
    expect((await system.ask(transport, { query })).errors[0]?.extensions.code).toBe('OPERATION_TOO_LARGE');
    expect((await system.ask(transport, { query, variables: { n: 100 } })).errors).toHaveLength(1);
    const small = await system.ask(transport, { query, variables: { n: 2 } });
    expect(small).toMatchObject({ errors: [], data: { shelves: [{}, {}] } });
  });

  test('an alias that hides a key is refused with a word on why; any other, and the key itself, are not', async () => {
    const { errors } = await system.ask(transport, '{ shelf(id: "1") { id: name } }');
    expect(errors).toMatchObject([{ message: '"id" is the key of Shelf: give name another alias.' }]);
    const good = '{ shelf(id: "1") { id: id x: id name: name } books(first: 1) { edges { id: cursor } } }';
    expect((await system.ask(transport, good)).errors).toEqual([]);
  });

  test('introspection is off, and no error names what it was not asked', async () => {
    for (const query of [
      '{ __schema { types { name } } }',
      '{ a: __type(name: "Shelf") { name } }',
      '{ ...S } fragment S on Query { __schema { queryType { name } } }',
    ]) {
      const { errors } = await system.ask(transport, query);
      expect(errors.map((each) => each.extensions.code)).toContain('GRAPHQL_VALIDATION_FAILED');
    }
    for (const question of [
      { query: '{ shelvs { id } }' },
      { query: '{ shelf(idd: "1") { id } }' },
      { query: '{ shelf(id: "1") { nam } }' },
      { query: '{ ... on Shelff { id } }' },
      { query: '{ echo(colour: REDD) }' },
      { query: 'query ($c: Colour) { echo(colour: $c) }', variables: { c: 'REDD' } },
    ]) {
      const reply = await system.ask(transport, question);
      expect(reply.errors.length).toBeGreaterThan(0);
      expect(JSON.stringify(reply.errors)).not.toMatch(/Did you mean|"RED"|shelves|"name"/);
    }
  });

  test('a message of more than the limit is refused without being read', async () => {
    const query = `{ echo(text: "${'x'.repeat(LIMITS.bodyBytes)}") }`;
    if (transport === 'http') {
      expect((await system.ask('http', { query })).status).toBe(413);
      return;
    }
    const socket = await system.connect();
    await expect(system.operate(socket, { query })).rejects.toMatchObject({ code: 1009 });
  });
});

test('over HTTP: no batches, no form posts, no GET that a page of another origin can send, no mutation by GET', async () => {
  const post = (type: string, body: string) =>
    fetch(system.url, { method: 'POST', headers: { 'content-type': type }, body });
  expect((await post('application/json', JSON.stringify([{ query: '{ mine }' }]))).status).toBe(400);
  expect((await post('application/x-www-form-urlencoded', 'query=%7Bmine%7D')).status).toBe(400);
  expect((await post('text/plain', '{"query":"{ mine }"}')).status).toBe(400);
  expect((await fetch(`${system.url}?query=%7B__typename%7D`)).status).toBe(400);
  const preflighted = { 'apollo-require-preflight': '1' };
  expect((await fetch(`${system.url}?query=%7B__typename%7D`, { headers: preflighted })).status).toBe(200);
  const mutation = `${system.url}?query=${encodeURIComponent('mutation { add(title: "x") }')}`;
  expect((await fetch(mutation, { headers: preflighted })).status).toBe(405);
});

test('in development introspection is there, bounded in depth, and errors help', async () => {
  const open = await EdgeSystem.start({ introspection: true });
  try {
    const { getIntrospectionQuery } = await import('graphql');
    for (const transport of TRANSPORTS) {
      expect(
        (await open.ask(transport, getIntrospectionQuery({ descriptions: true, inputValueDeprecation: true }))).errors,
      ).toEqual([]);
      expect((await open.ask(transport, '{ shelvs { id } }')).errors[0]?.message).toContain('Did you mean');
      const circular = `{ __schema { types { ${'fields { type { '.repeat(8)} name ${'} }'.repeat(8)} } } }`;
      expect((await open.ask(transport, circular)).errors.length).toBeGreaterThan(0);
    }
  } finally {
    await open.stop();
  }
});

describe('the defaults', () => {
  const sdl = readFileSync(join(ROOT, 'schema/supergraph.graphql'), 'utf8');
  const model = readSupergraph(sdl);
  const cost = new CostModel(model.apiSchema, sdl);
  const policy = readFieldPolicy(sdl);
  const operations = new Operations({
    schema: model.apiSchema,
    limits: LIMITS,
    introspection: false,
    policy,
    keys: readKeyFields(sdl),
    cost,
    caching: new CachePolicy(model.apiSchema, sdl),
    trusted: NO_MANIFEST,
    rates: null,
  });
  const ours = readdirSync(join(ROOT, 'fixtures/explorer')).filter((name) => name.endsWith('.graphql'));

  test.each(ours)('leave room for %s', (name) => {
    const source = readFileSync(join(ROOT, 'fixtures/explorer', name), 'utf8');
    const identity = { ...ANONYMOUS, userId: '01' };
    expect(
      operations.admit({ source, operationName: null, variables: { rows: 10 }, identity, viewer: null }),
    ).toHaveProperty('operation');
    const document = parse(source);
    expect(
      sizeFaults(document, { ...LIMITS, depth: LIMITS.depth - 2, aliases: 10, fields: 300, rootFields: 6 }),
    ).toEqual([]);
    const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
    expect(cost.costOf(document, operation as OperationDefinitionNode, { rows: 10 })).toBeLessThan(LIMITS.cost / 2);
  });
});

test('measuring and weighing a bomb of fragments takes no longer than reading it', () => {
  const bomb = parse(
    `{ ...F0 } ${repeat(150, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} shelves { id } }`)} fragment F150 on Query { mine }`,
  );
  const sdl = composeShelves();
  const cost = new CostModel(readSupergraph(readFieldPolicy(sdl).sdl).apiSchema, sdl);
  expect(sizeFaults(bomb, LIMITS)).not.toEqual([]);
  expect(cost.costOf(bomb, bomb.definitions[0] as OperationDefinitionNode, {})).toBeGreaterThan(2 ** 140);
});
