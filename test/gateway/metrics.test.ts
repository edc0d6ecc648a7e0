/** What the gateway and a subgraph count of themselves, at /metrics. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { consumeValidated } from '../../platform/dead-letters.ts';
import { observed } from '../../platform/observed-event-log.ts';
import { eventually } from '../support/eventually.ts';
import { EdgeSystem, receive } from './edge-system.ts';

let system: EdgeSystem;
beforeAll(async () => {
  system = await EdgeSystem.start();
});
afterAll(() => system.stop());

/** Samples by `name{labels}`. */
async function metrics(): Promise<Record<string, number>> {
  const text = await (await fetch(system.url.replace('/graphql', '/metrics'))).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}
const grown = async (work: () => Promise<unknown>, ...names: string[]) => {
  const before = await metrics();
  await work();
  const after = await metrics();
  return names.map((name) => (after[name] ?? 0) - (before[name] ?? 0));
};

test('requests by status and time, operations by kind, errors by code, the plan cache', async () => {
  const work = async () => {
    for (let n = 0; n < 3; n += 1) await system.ask('http', 'query Counted { shelf(id: "1") { id } }');
    await system.ask('http', 'mutation { add(title: "x") }');
    await system.ask('http', '{ nothing }');
    await system.ask('socket', '{ __schema { types { name } } }');
    await system.ask('http', '{ fail }');
  };
  const names = [
    'http_requests_total{status="200"}',
    'http_requests_total{status="400"}',
    'http_request_duration_seconds_count',
    'gateway_operations_total{kind="query"}',
    'gateway_operations_total{kind="mutation"}',
    'gateway_operations_total{kind="refused"}',
    'graphql_errors_total{code="GRAPHQL_VALIDATION_FAILED"}',
    'graphql_errors_total{code="INTERNAL_SERVER_ERROR"}',
    'gateway_plan_cache_lookups_total',
    'gateway_plan_cache_misses_total',
    'subgraph_request_duration_seconds_count{subgraph="shelves",outcome="ok"}',
    'subgraph_request_duration_seconds_count{subgraph="shelves",outcome="errors"}',
  ];
  // A validation error may be shown at two places of one answer, so errors are at least so many.
  const [ok, bad, timed, queries, mutations, refused, invalid, internal, lookups, misses, answered, failed] =
    await grown(work, ...names);
  expect([ok, bad, timed, queries, mutations, refused]).toEqual([5, 1, 6, 4, 1, 2]);
  expect([lookups, misses, answered, failed]).toEqual([5, 3, 4, 1]);
  expect(invalid).toBeGreaterThanOrEqual(2);
  expect(internal).toBeGreaterThanOrEqual(1);
});

test('sockets, subscriptions, streams and deliveries', async () => {
  const socket = await system.connect();
  const pings = () => system.ports.log.publish('pings', [{ key: 'k', value: '{"n":1}' }]);
  socket.send(JSON.stringify({ id: 'p', type: 'subscribe', payload: { query: 'subscription { pings { n } }' } }));
  await eventually(async () => (await metrics())['gateway_subscriptions'] === 1);
  expect(await metrics()).toMatchObject({ gateway_sockets: 1, gateway_streams: 1 });
  const [delivered] = await grown(async () => {
    const next = receive(socket, 'next', 'p');
    await pings();
    await next;
  }, 'gateway_deliveries_total');
  expect(delivered).toBe(1);
  socket.send(JSON.stringify({ id: 'p', type: 'complete' }));
  await eventually(async () => (await metrics())['gateway_subscriptions'] === 0);
  socket.close();
  await eventually(async () => (await metrics())['gateway_sockets'] === 0);
});

test('events published and consumed, how far a group is behind, and those given up', async () => {
  const log = observed(system.ports.log, pino({ level: 'silent' }));
  await log.createTopics([{ name: 'orders', partitions: 1, cleanup: 'delete' }]);
  const held = Promise.withResolvers<void>();
  const options = {
    log,
    topic: 'orders',
    group: 'test.orders',
    logger: pino({ level: 'silent' }),
    schema: { parse: (json: unknown) => json },
  };
  const reader = await consumeValidated(options, () => held.promise);
  await log.publish('orders', [
    { key: 'a', value: '{}' },
    { key: 'a', value: 'not JSON' },
  ]);
  expect(await metrics()).toMatchObject({
    'events_published_total{topic="orders"}': 2,
    'consumer_lag{topic="orders",group="test.orders"}': 2,
  });
  held.resolve();
  await eventually(async () => (await metrics())['consumer_lag{topic="orders",group="test.orders"}'] === 0);
  expect(await metrics()).toMatchObject({
    'events_consumed_total{topic="orders",group="test.orders"}': 2,
    'dead_letters_total{topic="orders"}': 1,
  });
  await reader.close();
  expect(await metrics()).not.toHaveProperty(['consumer_lag{topic="orders",group="test.orders"}']);
});

test('labels have few values, whatever is asked: nothing of a request becomes one', async () => {
  const names = async () => Object.keys(await metrics()).filter((name) => !name.startsWith('nodejs_')).length;
  const ask = (n: number) =>
    system.ask(n % 2 ? 'http' : 'socket', {
      query: `query Q${n} { a${n}: shelf(id: "${n}") { id } }`,
      operationName: `Q${n}`,
    });
  await ask(0);
  const before = await names();
  for (let n = 1; n < 40; n += 1) await ask(n);
  expect(await names()).toBe(before);
});
