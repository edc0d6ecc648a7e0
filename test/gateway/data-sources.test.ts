/** How the gateway bears a subgraph that fails, is slow, or is gone. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CircuitBreaker, RetryBudget } from '../../gateway/circuit-breaker.ts';
import { HttpDataSource, type HttpDataSourceOptions } from '../../gateway/data-sources.ts';
import { SignatureVerifier } from '../../platform/request-signature.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/ports.ts';

const SECRET = 's'.repeat(32);
const clock = new FakeClock(1_750_000_000_000);
let server: Server;
let url: string;
let answer: (request: IncomingMessage, response: ServerResponse, body: string) => void;
let calls: { headers: IncomingMessage['headers']; body: string }[];
let connections: number;
const sources: HttpDataSource[] = [];

beforeEach(async () => {
  calls = [];
  connections = 0;
  answer = (_request, response) => void response.end('{"data":{"a":1}}');
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    calls.push({ headers: request.headers, body });
    answer(request, response, body);
  }).listen(0, '127.0.0.1');
  server.on('connection', () => {
    connections += 1;
  });
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}/graphql`;
});
afterEach(async () => {
  for (const source of sources.splice(0)) source.close();
  server.closeAllConnections();
  if (server.listening) await new Promise((resolve) => server.close(resolve));
});

const source = (options: Partial<HttpDataSourceOptions> = {}, at = url) => {
  const made = new HttpDataSource('books', at, SECRET, clock, options);
  sources.push(made);
  return made;
};
const ask = (from: HttpDataSource, query = '{ a }') => from.process({ request: { query }, context: {} } as never);
const UNAVAILABLE = {
  extensions: { code: 'UNAVAILABLE' },
  message: 'The books service does not answer: try again in a moment.',
};

test('calls are signed, each anew, over few connections that are kept', async () => {
  const books = source({ maxInFlight: 4 });
  const answers = await Promise.all(Array.from({ length: 4 }, () => ask(books)));
  for (let n = 0; n < 20; n += 1) answers.push(await ask(books));
  expect(answers).toEqual(Array.from({ length: 24 }, () => ({ data: { a: 1 } })));
  expect(connections).toBeLessThanOrEqual(4);
  const verifier = new SignatureVerifier(SECRET);
  for (const { headers, body } of calls) {
    expect(verifier.verify({ method: 'POST', path: '/graphql', body }, headers, clock.now())).toMatchObject({
      userId: null,
    });
  }
});

test('a query is tried again after a passing failure, a mutation never', async () => {
  const failTwice = () => {
    let failures = 2;
    answer = (request, response) => {
      failures -= 1;
      if (failures < 0) response.end('{"data":{"a":1}}');
      else if (failures === 0) request.socket.destroy();
      else response.writeHead(503).end('busy');
    };
  };
  failTwice();
  expect(await ask(source())).toEqual({ data: { a: 1 } });
  expect(calls).toHaveLength(3);
  for (const mutation of ['mutation { a }', '  mutation A { a }']) {
    calls = [];
    failTwice();
    await expect(ask(source(), mutation)).rejects.toMatchObject(UNAVAILABLE);
    expect(calls).toHaveLength(1);
  }
});

test('an error of the subgraph’s own is passed on, and is no reason to try again', async () => {
  answer = (_request, response) =>
    void response.writeHead(400).end('{"errors":[{"message":"no","extensions":{"code":"BAD_USER_INPUT"}}]}');
  expect(await ask(source())).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  expect(calls).toHaveLength(1);
});

test.each([
  [
    'refuses our signature',
    (response: ServerResponse) => response.writeHead(401).end('{"errors":[{"message":"only the gateway"}]}'),
  ],
  ['answers what is not JSON', (response: ServerResponse) => response.end('<html>')],
  ['answers what is no GraphQL', (response: ServerResponse) => response.end('[]')],
  [
    'answers without an end',
    (response: ServerResponse) => {
      response.on('error', () => undefined);
      const more = () => {
        while (response.writable && response.write(Buffer.alloc(1_000_000, ' '))) {}
        response.once('drain', more);
      };
      more();
    },
  ],
])('a subgraph that %s is not there', async (_what, act) => {
  answer = (_request, response) => void act(response);
  await expect(ask(source())).rejects.toMatchObject(UNAVAILABLE);
});

test('a subgraph that hangs costs its time-out, not more, and is not asked again', async () => {
  answer = () => undefined;
  await expect(ask(source({ timeoutMs: 100 }))).rejects.toMatchObject(UNAVAILABLE);
  expect(calls).toHaveLength(1);
});

test('a dead subgraph: after some failures nothing is tried for a while, then once, and it comes back', async () => {
  const breaker = { windowMs: 10_000, minCalls: 4, failureRatio: 0.5, openMs: 2_000 };
  const books = source({ maxRetries: 0, breaker });
  answer = (_request, response) => void response.writeHead(503).end();
  for (let n = 0; n < 4; n += 1) await expect(ask(books)).rejects.toMatchObject(UNAVAILABLE);
  answer = (_request, response) => void response.end('{"data":{"a":1}}');
  await expect(ask(books)).rejects.toMatchObject(UNAVAILABLE);
  expect(calls).toHaveLength(4);
  clock.advance(2_000);
  expect(await ask(books)).toEqual({ data: { a: 1 } });
  expect(await ask(books)).toEqual({ data: { a: 1 } });
});

test('at most so many calls under way; the next is turned away at once, and room comes back', async () => {
  const books = source({ maxInFlight: 2 });
  const held: ServerResponse[] = [];
  answer = (_request, response) => void held.push(response);
  const first = [ask(books), ask(books)];
  await eventually(() => held.length === 2);
  await expect(ask(books)).rejects.toMatchObject(UNAVAILABLE);
  for (const response of held) response.end('{"data":{}}');
  await Promise.all(first);
  answer = (_request, response) => void response.end('{"data":{"a":1}}');
  expect(await ask(books)).toEqual({ data: { a: 1 } });
});

test('nobody listening there is told as clearly', async () => {
  await expect(ask(source({}, 'http://127.0.0.1:1/graphql'))).rejects.toMatchObject(UNAVAILABLE);
});

describe('the circuit breaker', () => {
  const options = { windowMs: 1_000, minCalls: 4, failureRatio: 0.5, openMs: 500 };
  const failed = (breaker: CircuitBreaker, times: number) => {
    for (let n = 0; n < times; n += 1) breaker.report(false);
  };

  test('opens by ratio, not by a few failures among many calls, and forgets a window that is over', () => {
    const time = new FakeClock(1_000_000);
    const breaker = new CircuitBreaker(time, options);
    for (let n = 0; n < 10; n += 1) breaker.report(true);
    failed(breaker, 9);
    expect(breaker.state).toBe('closed');
    time.advance(1_000);
    failed(breaker, 3);
    expect(breaker.state).toBe('closed');
    failed(breaker, 1);
    expect([breaker.state, breaker.allow()]).toEqual(['open', false]);
  });

  test('half open, one call decides', () => {
    const time = new FakeClock(1_000_000);
    const breaker = new CircuitBreaker(time, options);
    failed(breaker, 4);
    time.advance(500);
    expect([breaker.state, breaker.allow(), breaker.allow()]).toEqual(['half-open', true, false]);
    breaker.report(false);
    expect(breaker.state).toBe('open');
    time.advance(500);
    expect(breaker.allow()).toBe(true);
    breaker.report(true);
    expect([breaker.state, breaker.allow(), breaker.allow()]).toEqual(['closed', true, true]);
  });
});

test('retries are at most a tenth of the calls, beyond the first ten', () => {
  const budget = new RetryBudget();
  let retries = 0;
  for (let n = 0; n < 1_000; n += 1) {
    budget.called();
    if (budget.take()) retries += 1;
  }
  expect(retries).toBeLessThanOrEqual(110);
  expect(retries).toBeGreaterThan(90);
});
