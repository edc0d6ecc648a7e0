/**
 * The OWASP GraphQL cheat sheet, bullet by bullet, against the production profile: each row is a bullet, what is tried against it
 * over either transport, and what must come of it. What one request cannot show is in the file that the row names.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { EdgeSystem, type Question, TRANSPORTS, type Transport } from '../gateway/edge-system.ts';
import { ROOT } from '../support/processes.ts';

let system: EdgeSystem;
beforeAll(async () => {
  system = await EdgeSystem.start({
    edge: {
      budgetMs: 2_000,
      rates: { rates: { loud: { perSecond: 0.001, burst: 2 } }, classOf: { 'Mutation.shout': 'loud' } },
    },
  });
});
afterAll(() => system.stop());

const repeat = (count: number, text: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => text(n)).join(' ');
const shelf = (id: unknown): Question => ({ query: 'query ($id: ID!) { shelf(id: $id) { id } }', variables: { id } });
const deep = JSON.parse(`${'['.repeat(1_000)}1${']'.repeat(1_000)}`);

/** A bullet, what is asked, and the code of every answer. Codes: before any subgraph is asked. */
const REFUSED: readonly (readonly [string, readonly (Question | string)[], string])[] = [
  [
    'input validation: specific types, enums and scalars',
    [
      shelf({ $ne: null }),
      shelf(['1']),
      shelf([]),
      shelf(true),
      { query: 'query ($c: Colour) { echo(colour: $c) }', variables: { c: 'PINK' } },
    ],
    'BAD_USER_INPUT',
  ],
  [
    'input validation: what is not in the list of fields and arguments',
    ['{ shelf(id: "1", admin: true) { id } }', '{ shelf(id: "1") { password } }', '{ shelf { id } }'],
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'injection: operators in place of values (NoSQL)',
    [shelf({ $gt: '' }), shelf({ $where: 'sleep(1000)' }), shelf({ $regex: '.*' })],
    'BAD_USER_INPUT',
  ],
  [
    'injection: prototype keys in place of values',
    [shelf(JSON.parse('{"__proto__":{"admin":1}}')), shelf({ constructor: { prototype: { admin: 1 } } })],
    'BAD_USER_INPUT',
  ],
  [
    'denial of service: depth',
    [
      '{ node(id: "1") { ... on Book { shelf { books { shelf { books { shelf { books { shelf { books { shelf { books { shelf { id } } } } } } } } } } } } } }',
    ],
    'OPERATION_TOO_LARGE',
  ],
  ['denial of service: depth of variables', [shelf(deep)], 'BAD_USER_INPUT'],
  [
    'denial of service: amount',
    [
      '{ shelves(first: 100000) { id } }',
      '{ feed(count: 100000) { id } }',
      { query: 'query ($n: Int!) { shelves(first: $n) { books(first: $n) { id } } }', variables: { n: 1_000 } },
    ],
    'OPERATION_TOO_LARGE',
  ],
  [
    'denial of service: cost analysis',
    ['{ dear { id } }', '{ shelves(first: 100) { books(first: 100) { id } } }'],
    'OPERATION_TOO_LARGE',
  ],
  ['denial of service: long documents', [`{ ${repeat(1_999, () => 'a')} }`], 'GRAPHQL_PARSE_FAILED'],
  [
    'denial of service: fragment bombs',
    [
      `{ ...F0 } ${repeat(18, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)} fragment F18 on Query { mine }`,
    ],
    'OPERATION_TOO_LARGE',
  ],
  [
    'denial of service: fragment cycles',
    ['{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'],
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'access control: nobody signed in, on a field and on a node',
    ['{ mine }', '{ shelf(id: "1") { books { notes } } }', '{ node(id: "d") { ... on Diary { text } } }'],
    'UNAUTHENTICATED',
  ],
  ['access control: on an edge to a node', ['{ books(first: 1) { edges { node { notes } } } }'], 'UNAUTHENTICATED'],
  [
    'access control: through fragments and aliases',
    ['{ ...F } fragment F on Query { a: mine }', '{ ... @include(if: true) { b: mine } }'],
    'UNAUTHENTICATED',
  ],
  [
    'access control: subgraph entrances',
    ['{ _entities(representations: [{__typename: "Shelf", id: "1"}]) { __typename } }', '{ _service { sdl } }'],
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['batching: by aliases', [`{ ${repeat(31, (n) => `a${n}: shelf(id: "${n}") { id }`)} }`], 'OPERATION_TOO_LARGE'],
  [
    'batching: by many operations in a document',
    [{ query: repeat(21, (n) => `query Q${n} { __typename }`), operationName: 'Q0' }],
    'OPERATION_TOO_LARGE',
  ],
  [
    'configuration: introspection is off',
    ['{ __schema { types { name } } }', '{ __type(name: "Shelf") { name } }'],
    'GRAPHQL_VALIDATION_FAILED',
  ],
];

describe.each(TRANSPORTS)('over %s', (transport: Transport) => {
  test.each(REFUSED)('%s', async (_bullet, attempts, code) => {
    const before = system.fetches;
    for (const attempt of attempts) {
      const { data, errors } = await system.ask(transport, attempt);
      expect([attempt, data ?? null, errors[0]?.extensions.code]).toEqual([attempt, null, code]);
    }
    expect(system.fetches).toBe(before);
  });

  test('access control: signed in, but without the scope', async () => {
    const ann = await system.token('ann', 'viewer');
    for (const query of ['{ secrets { word } }', '{ audit }', '{ x: secrets { word } mine }']) {
      const { data, errors } = await system.ask(transport, query, ann);
      expect([data ?? null, errors[0]?.extensions.code]).toEqual([null, 'FORBIDDEN']);
    }
    const admin = await system.token('root', 'admin');
    expect((await system.ask(transport, '{ secrets { word } }', admin)).data).toEqual({ secrets: { word: 'xyzzy' } });
  });

  test('access control: mutations are counted and guarded as reads are (rate limiting)', async () => {
    const token = await system.token(`shouter over ${transport}`);
    const shout = () => system.ask(transport, 'mutation { shout(text: "a") }', token);
    expect([(await shout()).errors, (await shout()).errors]).toEqual([[], []]);
    expect((await shout()).errors).toMatchObject([{ extensions: { code: 'TOO_MANY' } }]);
    const batch = `mutation { ${repeat(3, (n) => `a${n}: shout(text: "a")`)} }`; // brute force in one request
    const other = await system.token(`another over ${transport}`);
    expect((await system.ask(transport, batch, other)).errors).toMatchObject([{ extensions: { code: 'TOO_MANY' } }]);
  });

  test('denial of service: a time-out for the whole request', async () => {
    let open = () => {};
    system.slow = new Promise((resolve) => {
      open = resolve;
    });
    const { data, errors } = await system.ask(transport, '{ slow }');
    open();
    expect([data, errors]).toMatchObject([{ slow: null }, [{ extensions: { code: 'UNAVAILABLE' } }]]);
  });

  test('configuration: no excessive errors', async () => {
    const { errors } = await system.ask(transport, '{ fail }');
    expect(errors).toMatchObject([
      { message: 'Something broke on our side.', extensions: { code: 'INTERNAL_SERVER_ERROR' } },
    ]);
    expect(JSON.stringify(errors)).not.toMatch(/hunter2|\/srv|\.ts|stack/);
    expect(system.logged.join()).toContain('hunter2'); // for those who run it, it is all there
  });

  test('configuration: no suggestions of names', async () => {
    for (const query of [
      '{ shelvs { id } }',
      '{ shelf(idd: "1") { id } }',
      '{ shelf(id: "1") { nam } }',
      '{ echo(colour: REDD) }',
    ]) {
      expect(JSON.stringify((await system.ask(transport, query)).errors)).not.toMatch(/did you mean|"RED"|shelves/i);
    }
  });
});

test('batching: no arrays of requests', async () => {
  const body = JSON.stringify([{ query: '{ __typename }' }, { query: '{ __typename }' }]);
  const response = await fetch(system.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  expect([response.status, Array.isArray(await response.json())]).toEqual([400, false]);
});

test('configuration: no IDE', async () => {
  const response = await fetch(system.url, { headers: { accept: 'text/html' } });
  expect([response.status, response.headers.get('content-type')]).toEqual([400, expect.stringContaining('json')]);
});

test.each([
  ['access control: another person’s objects by id (BOLA/IDOR)', 'test/security/other-peoples-things.test.ts'],
  ['access control: subgraphs answer the gateway only', 'test/security/subgraph-calls.test.ts'],
  ['denial of service: slow clients, half-open sockets', 'test/security/slow-clients.test.ts'],
  ['denial of service: too many requests and sockets at once', 'test/gateway/overload.test.ts'],
  ['denial of service: sockets of one user', 'test/gateway/sockets.test.ts'],
  ['batching and caching on the server’s side', 'test/gateway/executor/differential.test.ts'],
  ['configuration: only the app’s own operations', 'test/gateway/trusted-documents.test.ts'],
])('%s: %s', (_bullet, file) => {
  expect(existsSync(join(ROOT, file))).toBe(true);
});
