/**
 * Thousands of requests, made from the app's own operations by mutations that a seed decides: whatever comes, no 5xx, no crash, and
 * nothing of the inside in an answer. Half over HTTP, half over sockets; FUZZ_REQUESTS and FUZZ_SEED change how many and which.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import WebSocket from 'ws';
import { ROOT } from '../support/processes.ts';
import { type RealSystem, startRealSystem } from './real-system.ts';

const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 10_000) / 2;
const PER_SOCKET = 5; // few: one that is no message of the protocol closes it
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_260_624);
const AT_ONCE = 16;
const SOCKETS_AT_ONCE = 4;

let system: RealSystem;
beforeAll(async () => {
  system = await startRealSystem({ introspection: true });
}, 120_000);
afterAll(() => system?.stop());

/** mulberry32: small, and the same everywhere. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const OPERATIONS = readdirSync(join(ROOT, 'fixtures/explorer'))
  .filter((name) => name.endsWith('.graphql'))
  .map((name) => readFileSync(join(ROOT, 'fixtures/explorer', name), 'utf8').replace(/^#.*\n/gm, ''))
  .concat([
    '{ catalogue(first: 3, sort: TITLE, filter: { genres: ["drama"], releasedFrom: 1990 }) { totalCount edges { cursor node { id title cast(first: 2) offers { platform } } } pageInfo { endCursor } } }',
    'query ($after: String) { search(query: "love", first: 2, after: $after) { edges { node { title similar(first: 2) { similarity } } } facets { name } } }',
    '{ viewer { id summary { interactionCount } continueWatching { progress } temporalPreferences { window } rooms { id } } recommendations(first: 3) { reason score } }',
    'mutation { recordInteractions(events: [{ type: WATCH, contentId: "x", watchProgress: 0.5, timestamp: "2026-06-24T09:30:00Z" }]) { accepted rejected { code } } }',
    'mutation { createRoom(input: { commandId: "f", name: "Fuzz" }) { outcome room { id code } } react(roomId: "r", emoji: "🙂") }',
    '{ __schema { types { name } } serverTime(t0: 1.5) { t1 } catalogueStatus { platform works } suggest(prefix: "st") { text } }',
  ]);
const TOKENS = [
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  '@',
  '...',
  '$',
  ':',
  '!',
  '"',
  '"""',
  '#',
  '\\u0000',
  '\u0000',
  '\ud83d',
  '\u202e',
  '99999999999999999999',
  '-1',
  '1e400',
  'null',
  'true',
  '{}',
  '[[[[]]]]',
  '__typename',
  '__proto__',
  'on',
  'fragment',
  'query',
  'mutation',
  'subscription',
  '@include(if: true)',
  '@skip(if: $x)',
  'first: 2147483648',
  'first: -1',
  'a: ',
];
const VALUES: readonly unknown[] = [
  null,
  '',
  0,
  -1,
  1e308,
  2 ** 53,
  true,
  [],
  {},
  [null],
  { $ne: null },
  { $where: '1' },
  '\u0000',
  '\ud800',
  'x'.repeat(3_000),
  ['a', ['b']],
  '2026-13-45T99:99:99Z',
  JSON.parse('{"__proto__":{"a":1}}'),
  '__proto__',
  'w_none',
];

function makeRequest(next: () => number): { body: string; method: string; headers: Record<string, string> } {
  const below = (max: number) => Math.floor(next() * max);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  let query = pick(OPERATIONS);
  for (let changes = below(4); changes > 0; changes -= 1) {
    const words = query.split(/(\W+)/);
    const at = below(words.length);
    const kind = below(6);
    if (kind === 0) words.splice(at, 1 + below(3));
    else if (kind === 1) words.splice(at, 0, ` ${pick(TOKENS)} `);
    else if (kind === 2) words[at] = pick(TOKENS);
    else if (kind === 3) words[at] = pick(pick(OPERATIONS).split(/(\W+)/));
    else if (kind === 4) words.splice(at, 0, ...words.slice(at, at + 5));
    else words.splice(at, 2, ...words.slice(at, at + 2).reverse());
    query = words.join('').slice(0, 20_000);
  }
  const variables: Record<string, unknown> = {};
  for (const [, name = ''] of query.matchAll(/\$(\w+)/g))
    variables[name] =
      next() < 0.3
        ? { roomId: 'r', commandId: 'c', name: 'n', [pick(['code', '__proto__', 'contentId'])]: pick(VALUES) }
        : pick(VALUES);
  const request: Record<string, unknown> = { query, variables };
  if (next() < 0.15) request[pick(['query', 'variables', 'operationName', 'extensions'])] = pick(VALUES);
  if (next() < 0.05) request['extensions'] = { persistedQuery: { version: 1, sha256Hash: pick(VALUES) } };
  let body = JSON.stringify(next() < 0.02 ? [request] : request);
  if (next() < 0.05) body = body.slice(0, below(body.length));
  const headers: Record<string, string> = {
    'content-type':
      next() < 0.95 ? 'application/json' : pick(['text/plain', 'application/json; charset=utf-7', 'x', '']),
  };
  if (next() < 0.05)
    headers['authorization'] = pick(['Bearer x', 'Basic', 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIwMSJ9.']);
  if (next() < 0.1)
    headers['accept'] = pick(['text/html', 'multipart/mixed', 'application/graphql-response+json', '*/*;q=0']);
  return { body, method: next() < 0.97 ? 'POST' : pick(['PUT', 'DELETE', 'PATCH', 'OPTIONS']), headers };
}

const INSIDE =
  /node_modules|\.ts:\d|\bat \w+ \(|[Ss]tacktrace|[Ss][Qq][Ll]ite|mingo|mongodb|ECONN|SELECT |\/work\/|TypeError|RangeError|Cannot read prop/;

test(`${REQUESTS} mutated requests over HTTP: no 5xx, no crash, no word of the inside`, async () => {
  const token = await system.api.token('01');
  const next = random(SEED);
  const requests = Array.from({ length: REQUESTS }, () => makeRequest(next));
  const bad: unknown[] = [];
  const statuses: Record<number, number> = {};
  let served = 0;
  const worker = async () => {
    for (let request = requests.pop(); request; request = requests.pop()) {
      const { method, headers, body } = request;
      const response = await fetch(system.url, { method, headers: { authorization: token, ...headers }, body });
      const text = await response.text();
      statuses[response.status] = (statuses[response.status] ?? 0) + 1;
      if (text.includes('"data":{')) served += 1;
      const isJson = text === '' || (response.headers.get('content-type') ?? '').includes('json');
      if (response.status >= 500 || INSIDE.test(text) || text.includes('INTERNAL_SERVER_ERROR') || !isJson) {
        bad.push({ status: response.status, text: text.slice(0, 400), body: body.slice(0, 1_500), headers });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  expect({ bad: bad.slice(0, 5), logged: system.logged.slice(0, 3) }).toEqual({ bad: [], logged: [] });
  // That the fuzz reaches deep: a good part is answered with data, a good part refused.
  expect(served).toBeGreaterThan(REQUESTS / 20);
  expect(statuses[400]).toBeGreaterThan(REQUESTS / 20);
  expect((await system.api.ask('01', '{ viewer { id } }')).data).toEqual({ viewer: { id: '01' } });
}, 240_000);

test(`${REQUESTS} mutated messages on sockets: the server closes or answers, and goes on`, async () => {
  const token = await system.api.token('01');
  const seen: string[] = [];
  const session = async (seed: number) => {
    const next = random(seed);
    const below = (max: number) => Math.floor(next() * max);
    const socket = new WebSocket(system.url.replace('http', 'ws'), 'graphql-transport-ws');
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    socket.on('error', () => undefined);
    socket.on('message', (data) => seen.push(String(data)));
    await new Promise((resolve) => socket.on('open', resolve));
    if (next() < 0.9) socket.send(JSON.stringify({ type: 'connection_init', payload: { Authorization: token } }));
    await new Promise<void>((resolve) => {
      socket.once('message', () => resolve());
      if (next() < 0.1) resolve();
      void closed.then(resolve);
      socket.ping(undefined, undefined, () => undefined);
      socket.once('pong', () => resolve());
    });
    for (let n = 0; n < PER_SOCKET; n += 1) {
      const payload: unknown = JSON.parse(
        next() < 0.98 ? safeJson(makeRequest(next).body) : JSON.stringify(VALUES[below(VALUES.length)] ?? null),
      );
      const type =
        next() < 0.96
          ? 'subscribe'
          : ['ping', 'pong', 'complete', 'connection_init', 'next', 'x', '__proto__'][below(7)];
      let message = JSON.stringify({ id: next() < 0.98 ? `${n}` : VALUES[below(VALUES.length)], type, payload });
      if (next() < 0.02) message = message.slice(0, below(message.length));
      if (socket.readyState === socket.OPEN) socket.send(next() < 0.02 ? Buffer.from(message) : message);
    }
    // What came before it is under way, and answered or cut off, when the last one is answered.
    const last = new Promise<void>((resolve) =>
      socket.on('message', (data) => String(data).includes('"last"') && resolve()),
    );
    if (socket.readyState === socket.OPEN) {
      socket.send(JSON.stringify({ id: 'last', type: 'subscribe', payload: { query: '{ viewer { id } }' } }));
    }
    await Promise.race([last, closed]);
    socket.close();
    await closed;
  };
  let sessions = Math.ceil(REQUESTS / PER_SOCKET);
  const worker = async () => {
    while (sessions-- > 0) await session(SEED + 1 + sessions);
  };
  await Promise.all(Array.from({ length: SOCKETS_AT_ONCE }, worker));
  expect(seen.filter((text) => INSIDE.test(text) || text.includes('INTERNAL_SERVER_ERROR')).slice(0, 5)).toEqual([]);
  const served = seen.filter((text) => text.includes('"next"')).length;
  expect(served).toBeGreaterThan(REQUESTS / 20);
  expect(system.logged.slice(0, 3)).toEqual([]);
  expect((await system.api.ask('01', '{ viewer { id } }')).data).toEqual({ viewer: { id: '01' } });
}, 240_000);

function safeJson(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    return '{}';
  }
}
