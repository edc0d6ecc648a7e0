/** One request's id and trace, from the client through the gateway, a subgraph and the log to whoever reads the event. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { afterEach, describe, expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { pino } from 'pino';
import { HttpDataSource } from '../../gateway/data-sources.ts';
import { createGateway } from '../../gateway/gateway.ts';
import { KafkaEventLog } from '../../platform/adapters/kafka-event-log.ts';
import { loadConfig } from '../../platform/config.ts';
import { createLogger } from '../../platform/logger.ts';
import { observed } from '../../platform/observed-event-log.ts';
import type { EventLog, LoggedEvent } from '../../platform/ports/event-log.ts';
import { currentScope, runInScope, scopeFrom, scopeHeaders } from '../../platform/request-scope.ts';
import { serveSubgraph } from '../../platform/subgraph-server.ts';
import { createTokenVerifier } from '../../platform/tokens.ts';
import { inSpan, startTracing } from '../../platform/tracing.ts';
import { eventually } from '../support/eventually.ts';
import { openTestPorts } from '../support/ports.ts';
import { describeReal } from '../support/real-services.ts';

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});
const quiet = pino({ level: 'silent' });
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';

test('what is no proper id or trace is not taken over', () => {
  expect(scopeFrom({ 'x-request-id': 'abc-1', traceparent: `00-${TRACE}-${PARENT}-01` })).toEqual({
    requestId: 'abc-1',
    trace: { traceId: TRACE, spanId: PARENT, sampled: true },
    deadline: null,
  });
  for (const header of ['', 'a b', 'x'.repeat(65), '{"a":1}\n', ['a', 'b'], undefined]) {
    expect(scopeFrom({ 'x-request-id': header, traceparent: header })).toMatchObject({
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      trace: null,
    });
  }
  for (const odd of [
    `00-${'0'.repeat(32)}-${PARENT}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `ff-${TRACE}-${PARENT}-01`,
  ]) {
    expect(scopeFrom({ traceparent: odd }).trace).toBeNull();
  }
  expect(scopeHeaders()).toEqual({});
});

interface SeenSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly service: string;
  readonly status: { readonly code?: number };
}

/** What an OpenTelemetry collector would be sent. */
async function startCollector(status = 200) {
  const spans: SeenSpan[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    for (const { resource, scopeSpans } of JSON.parse(body).resourceSpans) {
      const service = resource.attributes[0].value.stringValue;
      for (const each of scopeSpans) spans.push(...each.spans.map((span: SeenSpan) => ({ ...span, service })));
    }
    response.writeHead(request.url === '/v1/traces' ? status : 404).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUps.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { spans, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test('through the gateway, a subgraph and the log: one id in every log line and header, one trace in the collector', async () => {
  const collector = await startCollector();
  const ports = await openTestPorts();
  cleanUps.push(() => ports.close());
  const config = loadConfig({});
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger('test', 'debug', { write: (line: string) => void lines.push(JSON.parse(line)) });
  const log = observed(ports.log, logger);
  const typeDefs = parse('type Query { a: Int } type Mutation { note: Boolean }');
  const subgraph = {
    name: 'notes',
    schema: buildSubgraphSchema({
      typeDefs,
      resolvers: {
        Mutation: {
          note: async () => {
            logger.info('taking a note');
            await log.publish('notes', [{ key: 'k', value: '{}', headers: { ce_id: '1' } }]);
            return true;
          },
        },
      } as never,
    }),
    createContext: () => ({}),
    start: async () => undefined,
    stop: async () => undefined,
  };
  const server = await serveSubgraph(subgraph, { ...ports, logger }, config, { port: 0, variable: 'PORT' });
  cleanUps.push(() => server.stop());
  const { supergraphSdl = '' } = composeServices([{ name: 'notes', typeDefs }]);
  const source = new HttpDataSource(
    'notes',
    `http://127.0.0.1:${server.port}/graphql`,
    config.subgraphSecret.reveal(),
    ports.clock,
  );
  cleanUps.push(() => source.close());
  const gateway = await createGateway({
    supergraphSdl,
    sources: { notes: source },
    log,
    logger,
    verifyToken: createTokenVerifier(config.tokens),
    introspection: false,
    explorer: null,
  });
  cleanUps.push(() => gateway.stop());
  const stopTracing = startTracing(collector.endpoint, 'test', quiet);
  const port = await gateway.listen(0, '127.0.0.1');

  const read: { event: LoggedEvent; scope: unknown }[] = [];
  await log.consume({ topic: 'notes', group: 'test.notes' }, async ([event]) => {
    logger.info('reading a note');
    if (event) read.push({ event, scope: currentScope() });
  });
  const tailed: unknown[] = [];
  await log.tail({ topic: 'notes', from: 'start' }, () => tailed.push(currentScope()?.requestId));

  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'req-1', traceparent: `00-${TRACE}-${PARENT}-01` },
    body: '{"query":"mutation Note { note }","operationName":"Note"}',
  });
  expect([await response.json(), response.headers.get('x-request-id')]).toEqual([{ data: { note: true } }, 'req-1']);
  await eventually(() => read.length > 0 && tailed.length > 0);
  expect(read[0]?.event.headers).toMatchObject({
    'x-request-id': 'req-1',
    ce_id: '1',
    traceparent: expect.stringContaining(TRACE),
  });
  expect([read[0]?.scope, tailed[0]]).toMatchObject([{ requestId: 'req-1' }, 'req-1']);
  for (const msg of ['taking a note', 'reading a note']) {
    expect(lines.find((line) => line['msg'] === msg)).toMatchObject({ requestId: 'req-1', traceId: TRACE });
  }
  expect(lines.find((line) => line['msg'] === 'events to handle')).toMatchObject({ requestIds: ['req-1'] });

  await stopTracing();
  const by = Object.fromEntries(collector.spans.map((span) => [span.name, span]));
  const chain = ['execute Note', 'ask notes', 'answer as notes', 'publish notes', 'consume notes'];
  expect(Object.keys(by).sort()).toEqual([...chain].sort());
  let parent = PARENT;
  for (const name of chain) {
    expect([name, by[name]]).toMatchObject([
      name,
      { traceId: TRACE, parentSpanId: parent, service: 'test', status: {} },
    ]);
    parent = by[name]?.spanId ?? '';
  }
  expect(chain.map((name) => by[name]?.kind)).toEqual([1, 3, 2, 4, 5]);
});

describe('spans', () => {
  const work = (sampled = true) =>
    inSpan({ name: 'work', kind: 'internal' }, async () => currentScope()?.trace, {
      scope: { requestId: 'r', trace: { traceId: TRACE, spanId: PARENT, sampled }, deadline: null },
    });

  test('are made only where a collector is named, and where the caller has not decided against them', async () => {
    expect(await work()).toMatchObject({ spanId: PARENT });
    const { spans, endpoint } = await startCollector();
    const stop = startTracing(endpoint, 'test', quiet);
    expect(await work(false)).toMatchObject({ spanId: PARENT });
    expect(await work()).toMatchObject({ traceId: TRACE, spanId: expect.not.stringMatching(PARENT) });
    await expect(
      inSpan({ name: 'bad', kind: 'internal' }, () => Promise.reject(new Error('no')), { scope: scopeFrom({}) }),
    ).rejects.toThrow('no');
    await stop();
    expect(spans.map(({ name, status }) => [name, status])).toEqual([
      ['work', {}],
      ['bad', { code: 2 }],
    ]);
  });

  test('a collector that refuses, or is away, costs spans and nothing else', async () => {
    const { endpoint } = await startCollector(500);
    for (const to of [endpoint, 'http://127.0.0.1:1']) {
      const stop = startTracing(to, 'test', quiet);
      expect(await work()).toMatchObject({ traceId: TRACE });
      await stop();
    }
  });
});

describeReal('over a real Kafka', ['KAFKA_BROKERS'], ({ KAFKA_BROKERS }) => {
  test('the id and trace of a request travel in record headers', async () => {
    const topicPrefix = `scope_${crypto.randomUUID().slice(0, 8)}_`;
    const kafka = await KafkaEventLog.open({
      brokers: KAFKA_BROKERS.split(','),
      topicPrefix,
      clientId: 'scope',
      logger: quiet,
    });
    const log: EventLog = observed(kafka, quiet);
    cleanUps.push(() => log.close());
    const scope = scopeFrom({ 'x-request-id': 'req-k', traceparent: `00-${TRACE}-${PARENT}-01` });
    const seen: unknown[] = [];
    await log.consume({ topic: 'notes', group: 'test.notes' }, async () => void seen.push(currentScope()));
    await runInScope(scope, () => log.publish('notes', [{ key: 'k', value: '{}' }]));
    await eventually(() => seen.length > 0, 30_000);
    expect(seen[0]).toEqual(scope);
  }, 60_000);
});
