/**
 * Our executor answers exactly as Apollo's does, sharing on: thousands of generated operations over subgraphs that make their
 * data up, on the project's own schema and on one with @requires, with nulls, errors, dead subgraphs and nonsense.
 */
import { composeServices } from '@apollo/composition';
import { expect, test } from '@jest/globals';
import { parse, validate } from 'graphql';
import { QueryExecutor } from '../../../gateway/executor/query-executor.ts';
import { readSupergraph, type SupergraphModel } from '../../../gateway/supergraph.ts';
import { composeSupergraph } from '../../../schema/compose.ts';
import { SDL } from '../../bench/gateway-subgraphs.ts';
import { apolloExecute, identity, plain } from './apollo-executor.ts';
import { type Faults, madeUpSubgraphs } from './made-up-subgraphs.ts';
import { generateOperation, seeded } from './operations.ts';

const NONE: Faults = { nulls: 0, errors: 0, dead: [], nonsense: 0 };
const KINDS: readonly (readonly [string, Faults])[] = [
  ['none', NONE],
  ['nulls', { ...NONE, nulls: 0.15 }],
  ['errors', { ...NONE, nulls: 0.05, errors: 0.05 }],
  ['dead', { ...NONE, nulls: 0.05, dead: ['recommendation', 'products'] }],
  ['nonsense', { ...NONE, nulls: 0.05, nonsense: 0.1 }],
];

/** Both executors ask for the plan of an operation: it is made once. */
function planningOnce(model: SupergraphModel): SupergraphModel {
  const plans = new WeakMap<object, ReturnType<SupergraphModel['plan']>>();
  return {
    ...model,
    plan(document, operationName) {
      const plan = plans.get(document) ?? model.plan(document, operationName);
      plans.set(document, plan);
      return plan;
    },
  };
}

const schemas = {
  project: {
    sdl: await composeSupergraph(),
    count: 1_200,
    maxDepth: 4,
    args: {
      'Query.room': 'id: "Room1"',
      'Query.content': 'id: "Content1"',
      'Query.contentByPlatformId': 'platform: NETFLIX, platformId: "1"',
      'Query.search': 'query: "the", first: 4',
      'Query.suggest': 'prefix: "da"',
      'Query.home': 'rows: 2',
    },
  },
  requires: {
    sdl:
      composeServices(Object.entries(SDL).map(([name, sdl]) => ({ name, typeDefs: parse(sdl) }))).supergraphSdl ?? '',
    count: 800,
    maxDepth: 5,
    args: {},
  },
};

test.each(Object.entries(schemas))(
  'generated operations, as Apollo answers them: %s',
  async (_name, { sdl, count, maxDepth, args }) => {
    const model = planningOnce(readSupergraph(sdl));
    let faults = NONE;
    let calls = { ours: 0, theirs: 0 };
    const sources = (of: 'ours' | 'theirs') =>
      madeUpSubgraphs(
        sdl,
        new Set(['id', 'upc']),
        () => faults,
        () => {
          calls[of] += 1;
        },
      );
    const executor = new QueryExecutor(model, sources('ours'));
    const apolloSources = sources('theirs');
    const seen = { withData: 0, withErrors: 0, fewerCalls: 0 };
    for (let n = 0; n < count; n += 1) {
      const random = seeded(n);
      const { query, variables } = generateOperation({ schema: model.apiSchema, random, args, maxDepth });
      const document = parse(query);
      expect(validate(model.apiSchema, document)).toEqual([]);
      const [kind, wrong] = KINDS[n % KINDS.length] ?? ['none', NONE];
      faults = wrong;
      calls = { ours: 0, theirs: 0 };
      const request = { key: query, document, variables, context: { identity } };
      const [ours, twin] = await Promise.all([executor.execute(request), executor.execute(request)]);
      const theirs = plain(await apolloExecute(model, document, variables, apolloSources));
      const { completion, ...answer } = plain(ours);
      // Where a field is asked for twice, Apollo's stops at the first of the two that is wrong: it notes less, never more.
      expect({ query, kind, ...answer }).toEqual({ query, kind, data: theirs.data, errors: theirs.errors });
      expect(completion).toEqual(kind === 'nonsense' ? expect.arrayContaining(theirs.completion) : theirs.completion);
      expect(twin).toBe(ours);
      // An error that is nobody's in particular makes ours ask again, one by one.
      if (kind === 'none') expect(calls.ours).toBeLessThanOrEqual(calls.theirs);
      if (ours.data) seen.withData += 1;
      if (ours.errors) seen.withErrors += 1;
      if (calls.ours < calls.theirs) seen.fewerCalls += 1;
    }
    expect(seen.withData).toBeGreaterThan(count / 2);
    expect(seen.withErrors).toBeGreaterThan(count / 10);
    expect(seen.fewerCalls).toBeGreaterThan(count / 40);
  },
  120_000,
);
