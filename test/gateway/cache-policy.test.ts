/** GET answers may be kept by caches where every field of theirs is the same for everybody, and nowhere else. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { getOperationAST, parse } from 'graphql';
import { CachePolicy } from '../../gateway/cache-policy.ts';
import { readFieldPolicy } from '../../gateway/field-policy.ts';
import { readSupergraph } from '../../gateway/supergraph.ts';
import { hashOf } from '../../gateway/trusted-documents.ts';
import { ROOT } from '../support/processes.ts';
import { composeWith, EdgeSystem, SHELVES } from './edge-system.ts';

const CACHED = composeWith(
  SHELVES.replace(
    'type Query {',
    `extend schema @link(url: "https://example.com/cache/v1.0", import: ["@cacheControl"]) @composeDirective(name: "@cacheControl")
     directive @cacheControl(maxAge: Int, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT
     type Query {`,
  )
    .replace('shelf(id: ID!): Shelf', 'shelf(id: ID!): Shelf @cacheControl(maxAge: 60)')
    .replace(
      'echo(text: String, colour: Colour): String',
      'echo(text: String, colour: Colour): String @cacheControl(maxAge: 20)',
    )
    .replace('fail: String', 'fail: String @cacheControl(maxAge: 20)')
    .replace('mine: String @authenticated', 'mine: String @authenticated @cacheControl(maxAge: 20)')
    .replace('type Book implements Node {', 'type Book implements Node @cacheControl(inheritMaxAge: true) {'),
);

let system: EdgeSystem;
beforeAll(async () => {
  system = await EdgeSystem.start({ supergraphSdl: CACHED });
});
afterAll(() => system.stop());

const get = async (query: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${system.url}?query=${encodeURIComponent(query)}`, {
    headers: { 'apollo-require-preflight': '1', ...headers },
  });
  return response.headers.get('cache-control');
};

test.each([
  ['{ shelf(id: "1") { id name } }', 'max-age=60, public'],
  ['{ shelf(id: "1") { id books { title } } }', 'max-age=60, public'],
  ['{ shelf(id: "1") { id } echo(text: "a") __typename }', 'max-age=20, public'],
  ['{ ...F } fragment F on Query { ... { shelf(id: "1") { id } } }', 'max-age=60, public'],
  ['{ shelf(id: "1") { id } books(first: 1) { totalCount } }', 'no-store'],
  ['{ shelf(id: "1") { books { shelf { name } } } }', 'no-store'], // Shelf below Book has no hint
  ['{ shelf(id: "1") { id } fail }', 'no-store'], // an error
  ['{ shelf(id: "1") }', 'no-store'],
  ['{ __typename }', 'no-store'],
])('GET %s: %s', async (query, expected) => {
  expect(await get(query)).toBe(expected);
});

test('what needs somebody to be signed in is never kept, whatever its hint says; what does not may be, whoever asks', async () => {
  const authorization = await system.token('ann');
  expect(await get('{ mine }', { authorization })).toBe('no-store');
  expect(await get('{ shelf(id: "1") { books { title notes } } }', { authorization })).toBe('no-store');
  expect(await get('{ shelf(id: "1") { id } }', { authorization })).toBe('max-age=60, public');
});

test('a POST is never kept', async () => {
  expect((await system.ask('http', '{ shelf(id: "1") { id } }')).headers.get('cache-control')).toBe('no-store');
});

test('by hash, as an app asks: registered once, then cacheable', async () => {
  const query = '{ shelf(id: "7") { id } }';
  const extensions = { persistedQuery: { version: 1, sha256Hash: hashOf(query) } };
  await system.ask('http', { query, extensions });
  const response = await fetch(`${system.url}?extensions=${encodeURIComponent(JSON.stringify(extensions))}`, {
    headers: { 'apollo-require-preflight': '1' },
  });
  expect([await response.json(), response.headers.get('cache-control')]).toEqual([
    { data: { shelf: { id: '7' } } },
    'max-age=60, public',
  ]);
});

describe('the product', () => {
  const { sdl } = readFieldPolicy(readFileSync(join(ROOT, 'schema/supergraph.graphql'), 'utf8'));
  const policy = new CachePolicy(readSupergraph(sdl).apiSchema, sdl);
  const maxAge = (query: string) => {
    const document = parse(query);
    return policy.maxAgeOf(document, getOperationAST(document) as never);
  };

  test.each([
    [
      '{ catalogue(first: 2) { totalCount edges { cursor node { id title genres { name } maturity { band } offers { deepLink { web } } } } pageInfo { endCursor } } }',
      60,
    ],
    [
      '{ search(query: "a") { edges { node { title } matched } facets { values { count } } } catalogueStatus { works } }',
      10,
    ],
    ['{ content(id: "w") { title } suggest(prefix: "a") { text } }', 60],
    ['{ catalogue { edges { node { title similar { similarity } } } } }', 0], // another subgraph's, without a hint of its own
    ['{ viewer { id } }', 0],
    ['{ home { title items { content { title } } } }', 0],
    ['{ recommendations { content { title } } }', 0],
    ['{ room(id: "r") { name } content(id: "w") { title } }', 0],
    ['mutation { leaveRoom(roomId: "r") { outcome } }', 0],
  ])('%s: %i s', (query, seconds) => {
    expect(maxAge(query)).toBe(seconds);
  });
});
