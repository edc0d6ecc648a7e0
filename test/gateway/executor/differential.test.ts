/** Our executor answers exactly as Apollo's does over the project's real subgraphs; `generated.test.ts` has the thousands. */

import type { GraphQLDataSource } from '@apollo/gateway';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ExecutionResult, parse, validate } from 'graphql';
import { QueryExecutor } from '../../../gateway/executor/query-executor.ts';
import { type RunningSubgraphs, seedDemo, startSubgraphs } from '../../../gateway/in-process.ts';
import { readSupergraph } from '../../../gateway/supergraph.ts';
import { composeSupergraph } from '../../../schema/compose.ts';
import { openTestPorts, type TestPorts } from '../../support/ports.ts';
import { apolloExecute, identity, plain } from './apollo-executor.ts';
import { generateOperation, seeded } from './operations.ts';

const model = readSupergraph(await composeSupergraph());
/** Ways in which subgraphs fail; decided by what is asked, so that both executors meet the same. */
type Fault = 'none' | 'nulls' | 'errors' | 'throws' | 'nonsense';

let ports: TestPorts;
let subgraphs: RunningSubgraphs;
let args: Record<string, string> = {};

beforeAll(async () => {
  ports = await openTestPorts();
  subgraphs = await startSubgraphs(ports);
  await seedDemo({ ...ports, clock: { now: () => Date.now() } }, () => undefined);
  const made = await ask('mutation { createRoom(input: { commandId: "c", name: "Test" }) { room { id } } }');
  const found = await ask('{ search(query: "dangal", first: 1) { edges { node { id } } } }');
  const data = (result: ExecutionResult) => JSON.parse(JSON.stringify(result.data));
  const workId = data(found).search.edges[0].node.id;
  const at = 'at: "2026-06-24T09:30:00Z"';
  args = {
    'Query.room': `id: "${data(made).createRoom.room.id}"`,
    'Query.content': `id: "${workId}"`,
    'Query.contentByPlatformId': 'platform: NETFLIX, platformId: "80117540"',
    'Query.search': 'query: "the", first: 4',
    'Query.suggest': 'prefix: "da", first: 3',
    'Query.catalogue': 'first: 3, sort: TITLE',
    'Query.home': `${at}, rows: 2, perRow: 3`,
    'Query.recommendations': `${at}, first: 3`,
    'Content.cast': 'first: 2',
    'Content.similar': 'first: 2',
    'Room.suggestions': 'first: 2',
    'User.continueWatching': 'first: 2',
  };
}, 60_000);
afterAll(async () => {
  await subgraphs.stop();
  await ports.close();
});

const executor = (sources: Record<string, GraphQLDataSource>) => new QueryExecutor(model, sources);
const ask = (query: string) =>
  executor(subgraphs.sources).execute({ key: query, document: parse(query), variables: {}, context: { identity } });

function faulty(fault: Fault, calls: { count: number }): Record<string, GraphQLDataSource> {
  return Object.fromEntries(
    Object.entries(subgraphs.sources).map(([name, source]) => [
      name,
      {
        async process(options: Parameters<GraphQLDataSource['process']>[0]) {
          calls.count += 1;
          if (fault === 'throws' && name === 'recommendation') throw new Error('connection refused');
          const response = JSON.parse(JSON.stringify(await source.process(options)));
          if (fault !== 'none' && fault !== 'throws') spoil(response, fault, options.request.variables ?? {});
          return response;
        },
      },
    ]),
  );
}

/** Damages each root field by itself, under whatever prefix it came: fetches that travelled together or alone fare the same. */
// biome-ignore lint/suspicious/noExplicitAny: a test's own damage to answers of every shape
function spoil(response: any, fault: Fault, variables: Readonly<Record<string, unknown>>): void {
  for (const key of Object.keys(response.data ?? {})) {
    const [, prefix = '', name = ''] = /^(m\d+_)?(.*)$/.exec(key) ?? [];
    const entities = response.data[key];
    const representations = variables[`${prefix}representations`];
    if (name !== '_entities') {
      if (fault === 'nulls' && name.length % 3 === 0) response.data[key] = null;
    } else if (Array.isArray(entities) && Array.isArray(representations)) {
      for (const [index, entity] of entities.entries()) {
        const text = JSON.stringify(representations[index]);
        const hash = [...text].reduce((sum, each) => (sum * 31 + each.charCodeAt(0)) | 0, 7);
        if (hash % 3 !== 0) continue;
        if (fault === 'nulls' || fault === 'errors') entities[index] = null;
        if (fault === 'nonsense' && entity && 'title' in entity) entity.title = { odd: true };
        if (fault !== 'errors') continue;
        const error = { message: `no ${hash}`, path: [key, index], extensions: { code: 'NOT_FOUND' } };
        response.errors = [...(response.errors ?? []), error];
      }
    }
  }
}

test.each([
  ['none', 60],
  ['nulls', 30],
  ['errors', 30],
  ['throws', 20],
  ['nonsense', 20],
] as const)(
  'generated operations, subgraphs with faults: %s',
  async (fault, count) => {
    const random = seeded(count);
    const calls = { ours: { count: 0 }, theirs: { count: 0 } };
    let withData = 0;
    for (let n = 0; n < count; n += 1) {
      const { query, variables } = generateOperation({ schema: model.apiSchema, random, args, maxDepth: 5 });
      const document = parse(query);
      expect(validate(model.apiSchema, document)).toEqual([]);
      const ours = await executor(faulty(fault, calls.ours)).execute({
        key: query,
        document,
        variables,
        context: { identity },
      });
      const theirs = await apolloExecute(model, document, variables, faulty(fault, calls.theirs));
      expect({ query, ...plain(ours) }).toEqual({ query, ...plain(theirs) });
      if (ours.data) withData += 1;
    }
    expect(withData).toBeGreaterThan(count / 6);
    expect(calls.ours.count).toBeLessThanOrEqual(calls.theirs.count);
  },
  120_000,
);

test('introspection, variables that do not fit, and repeated requests', async () => {
  const queries = [
    '{ __schema { queryType { name } } a: __type(name: "Content") { fields { name } } }',
    '{ __typename content(id: "none") { title } }',
  ];
  for (const query of queries)
    expect(plain(await ask(query))).toEqual(plain(await apolloExecute(model, parse(query), {}, subgraphs.sources)));
  const same = executor(subgraphs.sources);
  const request = {
    key: 'k',
    document: parse('query ($id: ID!) { content(id: $id) { title } }'),
    context: { identity },
  };
  expect(await same.execute({ ...request, variables: {} })).toMatchObject({
    errors: [{ message: expect.stringContaining('$id') }],
  });
  const twice = [
    await same.execute({ ...request, variables: { id: 'x' } }),
    await same.execute({ ...request, variables: { id: 'x' } }),
  ];
  expect(plain(twice[0] as ExecutionResult)).toEqual(plain(twice[1] as ExecutionResult));
});
