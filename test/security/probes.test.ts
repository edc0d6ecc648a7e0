/**
 * The twelve probes of graphql-cop (github.com/dolevf/graphql-cop), written anew, and a few that it does not have, against the
 * production profile. What both transports can carry is tried on both.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { EdgeSystem, TRANSPORTS } from '../gateway/edge-system.ts';

let system: EdgeSystem;
beforeAll(async () => {
  system = await EdgeSystem.start();
});
afterAll(() => system.stop());

const times = (count: number, text: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => text(n)).join(' ');
const post = (body: string, type = 'application/json') =>
  fetch(system.url, { method: 'POST', headers: { 'content-type': type }, body });
const get = (query: string, headers: Record<string, string> = {}) =>
  fetch(`${system.url}?query=${encodeURIComponent(query)}`, { headers });

describe.each(TRANSPORTS)('over %s', (transport) => {
  const refusedCode = async (query: string) => {
    const { data, errors } = await system.ask(transport, query);
    expect(data ?? null).toBeNull();
    return errors[0]?.extensions.code;
  };

  test('1 alias overloading', async () => {
    expect(await refusedCode(`query cop { ${times(101, (n) => `alias${n}: __typename`)} }`)).toBe(
      'OPERATION_TOO_LARGE',
    );
  });
  test('2 directive overloading', async () => {
    expect(await refusedCode('query cop { __typename @aa@aa@aa@aa@aa@aa@aa@aa@aa@aa }')).toBe('OPERATION_TOO_LARGE');
  });
  test('3 circular query by introspection', async () => {
    const query =
      'query cop { __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }';
    expect(await refusedCode(query)).toBe('GRAPHQL_VALIDATION_FAILED');
  });
  test('4 field duplication', async () => {
    expect(await refusedCode(`query cop { ${times(500, () => '__typename')} }`)).toBe('OPERATION_TOO_LARGE');
  });
  test('5 field suggestions', async () => {
    const { errors } = await system.ask(transport, 'query cop { __schema { directive } shelve { id } }');
    expect(JSON.stringify(errors)).not.toMatch(/did you mean|directives|"shelf"/i);
  });
  test('6 introspection', async () => {
    for (const query of [
      '{ __schema { types { name } } }',
      '{ __type(name: "Query") { name } }',
      '{ x: __schema { queryType { name } } }',
    ]) {
      expect(await refusedCode(query)).toBe('GRAPHQL_VALIDATION_FAILED');
    }
  });
  test('7 unhandled error, and 8 trace: neither a stack nor an extension comes back', async () => {
    for (const query of ['qwerty cop { abc }', '{ fail }', 'query ($x: Nope) { mine }']) {
      const reply = await system.ask(transport, query);
      expect(reply.errors.length).toBeGreaterThan(0);
      const shown = JSON.stringify([reply.data, reply.errors]);
      expect(shown).not.toMatch(/stacktrace|exception|hunter2|\/srv|\.ts|node_modules|tracing/);
      expect(reply).not.toHaveProperty('extensions');
    }
  });
  test('prototype keys in variables, extensions and names do nothing', async () => {
    const variables = JSON.parse('{"id":"1","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');
    const extensions = JSON.parse('{"__proto__":{"polluted":1}}');
    const { errors } = await system.ask(transport, {
      query: 'query ($id: ID!) { shelf(id: $id) { id } }',
      variables,
      extensions,
    });
    expect(errors).toEqual([]);
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      expect((await system.ask(transport, `{ ${name} }`)).errors.length).toBeGreaterThan(0);
      expect(
        (await system.ask(transport, { query: `query ${name} { shelf(id: "1") { id } }`, operationName: name })).errors,
      ).toEqual([]);
      expect(
        (await system.ask(transport, { query: '{ shelf(id: "1") { id } }', operationName: name })).errors,
      ).toHaveLength(1);
      expect(
        (await system.ask(transport, `{ ...${name} } fragment ${name} on Query { shelf(id: "1") { ${name}: id } }`))
          .errors,
      ).toEqual([]);
    }
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

test('9 array-based batching', async () => {
  const response = await post(JSON.stringify(Array.from({ length: 10 }, () => ({ query: '{ __typename }' }))));
  expect([response.status, Array.isArray(await response.json())]).toEqual([400, false]);
});
test('10 GET and 11 urlencoded POST that a page of another origin could send (CSRF); mutation by GET', async () => {
  expect((await get('{ __typename }')).status).toBe(400);
  expect((await get('mutation { add(title: "x") }', { 'apollo-require-preflight': '1' })).status).toBe(405);
  for (const type of [
    'application/x-www-form-urlencoded',
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/json-but-not',
  ]) {
    expect((await post('query=%7B__typename%7D', type)).status).toBe(400);
  }
});
test('12 no IDE: a browser’s GET gets no page, wherever it looks', async () => {
  for (const path of ['/graphql', '/graphiql', '/playground', '/console', '/']) {
    const response = await fetch(new URL(path, system.url), { headers: { accept: 'text/html' } });
    expect([path, response.status]).toEqual([path, expect.any(Number)]);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.headers.get('content-type')).toContain('application/json');
  }
});
test('the server says nothing of what it is, and private answers are not kept by anybody', async () => {
  const { headers } = await system.ask('http', '{ shelf(id: "1") { id } }', await system.token('ann'));
  expect([headers.get('x-powered-by'), headers.get('server')]).toEqual([null, null]);
  expect(headers.get('cache-control')).toBe('no-store');
});
