/**
 * `npm run bench:executor`: what one request costs between the parsed operation and the answer's bytes, with the subgraphs'
 * answers recorded beforehand (and parsed anew each time, as from a socket): our executor beside Apollo's on the same plans, and
 * the floor: only parsing what the subgraphs sent. One thread, no sockets.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildOperationContext, executeQueryPlan, type GraphQLDataSource } from '@apollo/gateway';
import { parse } from 'graphql';
import { QueryExecutor } from '../../gateway/executor/query-executor.ts';
import { seedDemo, startSubgraphs } from '../../gateway/in-process.ts';
import { readSupergraph } from '../../gateway/supergraph.ts';
import { openPorts } from '../../platform/adapters/open.ts';
import { loadConfig } from '../../platform/config.ts';
import { composeSupergraph } from '../../schema/compose.ts';
import { machine } from './machine.ts';

const QUERIES = {
  small: '{ catalogue(first: 5) { edges { node { title } } } }',
  nested: `{ home(rows: 6, perRow: 20) { kind title items { rank score reason content { id title releaseYear genres { id name }
    offers { platform platformId monetization deepLink { web fireTv } } similar(first: 5) { similarity content { title cast } } } } } }`,
};
const SECONDS = 3;
const ROUNDS = 5;

const folder = await mkdtemp(join(tmpdir(), 'firetv-bench-'));
const ports = await openPorts(loadConfig({ DATA_DIR: folder, LOG_LEVEL: 'silent' }), 'bench');
const subgraphs = await startSubgraphs(ports);
await seedDemo(ports, () => undefined);
const model = readSupergraph(await composeSupergraph());
const context = { identity: { userId: '01', scopes: [], audience: null } };

const recorded = new Map<string, string>();
let calls = 0;
const sources: Record<string, GraphQLDataSource> = Object.fromEntries(
  Object.entries(subgraphs.sources).map(([name, source]) => [
    name,
    {
      async process(options: Parameters<GraphQLDataSource['process']>[0]) {
        calls += 1;
        const key = name + options.request.query + JSON.stringify(options.request.variables);
        if (!recorded.has(key)) recorded.set(key, JSON.stringify(await source.process(options)));
        return JSON.parse(recorded.get(key) as string);
      },
    },
  ]),
);
const executor = new QueryExecutor(model, sources);

function contenders(query: string): Record<string, () => Promise<string>> {
  const document = parse(query);
  const operation = buildOperationContext({ schema: model.apiSchema, operationDocument: document });
  const plan = model.plan(document, undefined);
  const request = { request: { variables: {} }, context, metrics: {}, logger: console } as never;
  return {
    ours: async () => JSON.stringify(await executor.execute({ key: query, document, variables: {}, context })),
    apollo: async () =>
      JSON.stringify(
        await executeQueryPlan(plan, sources, request, operation, model.supergraphSchema, model.coreApiSchema),
      ),
  };
}

async function perSecond(work: () => Promise<unknown>): Promise<number> {
  const until = performance.now() + (SECONDS * 1000) / ROUNDS;
  const started = performance.now();
  let done = 0;
  while (performance.now() < until) {
    await work();
    done += 1;
  }
  return (done / (performance.now() - started)) * 1000;
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

console.log(`machine ${machine()}`);
for (const [name, query] of Object.entries(QUERIES)) {
  const { ours, apollo } = contenders(query) as Record<'ours' | 'apollo', () => Promise<string>>;
  const [first, second] = [await ours(), await apollo()];
  if (first !== second) throw new Error(`${name}: the answers differ`);
  calls = 0;
  await ours();
  const ourCalls = calls;
  calls = 0;
  recorded.clear(); // so that the floor is what one of our requests receives
  await ours();
  const received = [...recorded.values()];
  await apollo();
  const apolloCalls = calls - ourCalls;
  const rates: Record<string, number[]> = { ours: [], apollo: [], floor: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    rates['ours']?.push(await perSecond(ours));
    rates['apollo']?.push(await perSecond(apollo));
    rates['floor']?.push(await perSecond(async () => received.map((text) => JSON.parse(text))));
  }
  const [mine, theirs, floor] = ['ours', 'apollo', 'floor'].map((each) => median(rates[each] ?? [])) as [
    number,
    number,
    number,
  ];
  const show = (rate: number) => `${Math.round(rate)}/s (${(1000 / rate).toFixed(2)} ms)`;
  console.log(
    `${name}: answer ${(first.length / 1024).toFixed(0)} KB, subgraph calls ${ourCalls} (Apollo ${apolloCalls})`,
  );
  console.log(
    `  ours ${show(mine)}   Apollo ${show(theirs)}   ratio ${(mine / theirs).toFixed(1)}   only parsing ${show(floor)}`,
  );
}
await subgraphs.stop();
await ports.close();
await rm(folder, { recursive: true, force: true });
