/** `@authenticated` and `@requiresScopes`: enforced before planning, on every way in. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFieldPolicy } from '../../gateway/field-policy.ts';
import { composeShelves, composeWith, EdgeSystem, TRANSPORTS } from './edge-system.ts';

let system: EdgeSystem;
beforeAll(async () => {
  system = await EdgeSystem.start();
});
afterAll(() => system.stop());

const REFUSED: readonly (readonly [string, string | null, string, string])[] = [
  ['a field, to nobody signed in', null, '{ mine }', 'UNAUTHENTICATED'],
  ['under an alias and in a fragment', null, '{ ...F } fragment F on Query { x: mine }', 'UNAUTHENTICATED'],
  ['even where it is skipped', null, '{ mine @skip(if: true) shelf(id: "1") { id } }', 'UNAUTHENTICATED'],
  ['deep down', null, '{ shelf(id: "1") { books { notes } } }', 'UNAUTHENTICATED'],
  ['by scopes, to nobody signed in', null, '{ audit }', 'UNAUTHENTICATED'],
  ['by scopes, without them', 'viewer', '{ audit }', 'FORBIDDEN'],
  ['by scopes, with half of them', 'auditor', '{ audit }', 'FORBIDDEN'],
  ['a type by its field', 'viewer', '{ secrets { word } }', 'FORBIDDEN'],
  ['a type by __typename only', 'viewer', '{ secrets { __typename } }', 'FORBIDDEN'],
  ['a type behind an interface', null, '{ node(id: "1") { id } }', 'UNAUTHENTICATED'],
  ['a type behind an interface, named', null, '{ node(id: "1") { ... on Diary { text } } }', 'UNAUTHENTICATED'],
  ['a subscription', 'viewer', 'subscription { audited { n } }', 'FORBIDDEN'],
  ['a subscription, to nobody', null, 'subscription { audited { n shelf { name } } }', 'UNAUTHENTICATED'],
];

describe.each(TRANSPORTS)('over %s', (transport) => {
  test.each(REFUSED)('refused: %s', async (_what, scopes, query, code) => {
    const before = system.fetches;
    const token = scopes === null ? undefined : await system.token('ann', scopes);
    const { data, errors, status } = await system.ask(transport, query, token);
    expect(errors).toMatchObject([{ extensions: { code } }]);
    expect([data ?? null, system.fetches]).toEqual([null, before]);
    if (transport === 'http') expect(status).toBe(code === 'FORBIDDEN' ? 403 : 401);
  });

  test.each([
    [
      'viewer',
      '{ mine shelf(id: "1") { books(first: 1) { notes } } }',
      { mine: 'of ann', shelf: { books: [{ notes: 'notes of 0' }] } },
    ],
    ['admin', '{ audit secrets { word } }', { audit: ['line'], secrets: { word: 'xyzzy' } }],
    ['read auditor', '{ audit }', { audit: ['line'] }],
    ['viewer', '{ node(id: "s1") { id __typename } }', { node: { id: 's1', __typename: 'Shelf' } }],
  ])('served with scopes "%s": %s', async (scopes, query, data) => {
    expect(await system.ask(transport, query, await system.token('ann', scopes))).toMatchObject({ data, errors: [] });
  });
});

test('a supergraph loads with them, and keeps SECURITY where the planner enforces it', () => {
  const { sdl } = readFieldPolicy(composeShelves());
  expect(sdl).toMatch(/specs\.apollo\.dev\/authenticated\/v[\d.]+"\)/);
  expect(sdl).toMatch(/specs\.apollo\.dev\/requiresScopes\/v[\d.]+"\)/);
});

test('a security directive that is not enforced stops the start', async () => {
  const policed = `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@policy"])
    type Query { a: String @policy(policies: [["p"]]) }
    type Shelf @key(fields: "id") { id: ID! }`;
  await expect(EdgeSystem.start({ supergraphSdl: composeWith(policed) })).rejects.toThrow(/specs\.apollo\.dev\/policy/);
  const unknown = composeShelves().replace(
    'schema\n',
    'schema\n  @link(url: "https://specs.example.com/guard/v0.1", for: SECURITY)\n',
  );
  expect(() => readFieldPolicy(unknown)).toThrow(/specs\.example\.com\/guard/);
});

test('a directive under another name is the same directive', async () => {
  const renamed = composeShelves()
    .replaceAll('@authenticated', '@mustSignIn')
    .replace(/(specs\.apollo\.dev\/authenticated\/v[\d.]+")/, '$1, as: "mustSignIn"');
  const { requirementsOf } = readFieldPolicy(renamed);
  const { buildSchema, parse } = await import('graphql');
  const schema = buildSchema('type Query { mine: String }');
  expect(requirementsOf(parse('{ mine }'), schema)).toEqual([{ coordinate: 'Query.mine', scopes: [] }]);
});
