/** A request's time is one budget for all its steps, in this process and in others: when it is over, work stops. */
import { buildSubgraphSchema } from '@apollo/subgraph';
import { afterEach, expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { HttpDataSource, InProcessDataSource } from '../../gateway/data-sources.ts';
import { loadConfig } from '../../platform/config.ts';
import { runInScope, scopeFrom } from '../../platform/request-scope.ts';
import { signRequest } from '../../platform/request-signature.ts';
import type { Subgraph } from '../../platform/subgraph.ts';
import { serveSubgraph } from '../../platform/subgraph-server.ts';
import { eventually } from '../support/eventually.ts';
import { openTestPorts } from '../support/ports.ts';
import { EdgeSystem, TRANSPORTS } from './edge-system.ts';

const config = loadConfig({});
const SECRET = config.subgraphSecret.reveal();
const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A field that waits until it is let go, and one below it that says when it was begun. */
function slowSubgraph() {
  const gate = Promise.withResolvers<void>();
  const begun: string[] = [];
  const subgraph: Subgraph = {
    name: 'slow',
    schema: buildSubgraphSchema({
      typeDefs: parse('type Query { slow: Below quick: Int } type Below { next: Int }'),
      resolvers: {
        Query: {
          slow: () => {
            begun.push('slow');
            return gate.promise.then(() => ({}));
          },
          quick: () => 1,
        },
        Below: { next: () => begun.push('next') },
      } as never,
    }),
    createContext: () => ({}),
    start: async () => undefined,
    stop: async () => undefined,
  };
  cleanUps.push(() => gate.resolve());
  return { subgraph, begun, letGo: gate.resolve };
}

async function serveSlow() {
  const ports = await openTestPorts();
  const slow = slowSubgraph();
  const server = await serveSubgraph(slow.subgraph, ports, config, { port: 0, variable: 'PORT' });
  cleanUps.push(async () => {
    slow.letGo();
    await server.stop();
    await ports.close();
  });
  const url = `http://127.0.0.1:${server.port}/graphql`;
  const source = new HttpDataSource('slow', url, SECRET, ports.clock);
  cleanUps.push(() => source.close());
  return { ...slow, ports, url, source };
}

const within = <T>(ms: number, work: () => T) => runInScope(scopeFrom({}, performance.now() + ms), work);
const ask = (query: string) => ({ request: { query }, context: {} }) as never;
const UNAVAILABLE = { extensions: { code: 'UNAVAILABLE' } };

test('a subgraph stops when the budget that the gateway signed is over: what has not begun is not begun', async () => {
  const { begun, letGo, ports, url } = await serveSlow();
  const body = JSON.stringify({ query: '{ slow { next } }' });
  const sign = (budgetMs: number) => ({
    'content-type': 'application/json',
    ...signRequest(
      SECRET,
      { method: 'POST', path: '/graphql', body },
      { userId: null, scopes: [], audience: null },
      ports.clock.now(),
      budgetMs,
    ),
  });
  const response = await fetch(url, { method: 'POST', headers: sign(50), body });
  expect(await response.json()).toMatchObject({ errors: [UNAVAILABLE] });
  letGo();
  const again = await fetch(url, { method: 'POST', headers: sign(60_000), body });
  expect(await again.json()).toEqual({ data: { slow: { next: expect.any(Number) } } });
  expect(begun.filter((field) => field === 'next')).toHaveLength(1); // of the first request it never ran
  const forged = { ...sign(50), 'x-firetv-budget': '60000' };
  expect((await fetch(url, { method: 'POST', headers: forged, body })).status).toBe(401);
});

test('a call gets what is left of its request, and none is made when nothing is', async () => {
  const { begun, source } = await serveSlow();
  await expect(within(50, () => source.process(ask('{ slow { next } }')))).rejects.toMatchObject(UNAVAILABLE);
  expect(begun).not.toContain('next');
  await expect(within(0, () => source.process(ask('{ quick }')))).rejects.toMatchObject(UNAVAILABLE);
  expect(await within(10_000, () => source.process(ask('{ quick }')))).toMatchObject({ data: { quick: 1 } });
});

test('in the same process, too: the same error, and what comes after is not begun', async () => {
  const ports = await openTestPorts();
  cleanUps.push(() => ports.close());
  const { subgraph, begun, letGo } = slowSubgraph();
  const source = new InProcessDataSource(subgraph, ports.logger, 60_000);
  await expect(within(30, () => source.process(ask('{ slow { next } }')))).rejects.toMatchObject(UNAVAILABLE);
  letGo();
  expect(await within(10_000, () => source.process(ask('{ quick }')))).toMatchObject({ data: { quick: 1 } });
  expect(begun).not.toContain('next');
  const impatient = new InProcessDataSource(slowSubgraph().subgraph, ports.logger, 30);
  await expect(impatient.process(ask('{ slow { next } }'))).rejects.toMatchObject(UNAVAILABLE);
});

test.each(TRANSPORTS)(
  'over %s a request is answered when its budget is over, with what there is',
  async (transport) => {
    const system = await EdgeSystem.start({ edge: { budgetMs: 100 } });
    cleanUps.push(() => system.stop());
    let open = () => {};
    system.slow = new Promise((resolve) => {
      open = resolve;
    });
    cleanUps.push(() => open());
    const reply = await system.ask(transport, '{ slow }');
    expect([reply.data, reply.errors]).toMatchObject([{ slow: null }, [UNAVAILABLE]]);
    await eventually(async () => (await system.ask(transport, '{ shelf(id: "1") { id } }')).errors.length === 0);
  },
);
