import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SignJWT } from 'jose';
import WebSocket from 'ws';
import { ToySystem, take } from './toy-system.ts';

let system: ToySystem;
beforeAll(async () => {
  system = await ToySystem.start({ introspection: false });
});
afterAll(() => system.stop());

const post = async (query: string, headers: Record<string, string> = {}) => {
  const response = await fetch(system.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  return { status: response.status, body: (await response.json()) as { data?: unknown; errors?: unknown[] } };
};

test('queries and mutations answer the same over the socket as over HTTP', async () => {
  const client = await system.client('ann');
  for (const query of ['{ board(id: "x") { id name } }', 'mutation { touch }']) {
    const http = await post(query, { authorization: await system.token('ann') });
    expect(await take(client.iterate({ query }), 1)).toEqual([http.body]);
    expect(http.body.errors).toBeUndefined();
  }
});

test.each([
  ['{ __schema { types { name } } }', 'introspection'],
  ['{ nope }', 'an unknown field'],
  ['subscription { a: mine { n } b: mine { n } }', 'two root fields'],
  ['{ board(id: ', 'a syntax error'],
])('%s is refused on both transports: %s', async (query) => {
  const { body } = await post(query);
  expect(body.errors?.length).toBeGreaterThan(0);
  await expect(take((await system.client('ann')).iterate({ query }), 1)).rejects.toEqual(
    expect.arrayContaining([expect.objectContaining({ message: expect.any(String) })]),
  );
});

test('a subscription over HTTP is refused with a word on where it is served', async () => {
  const { body } = await post('subscription { mine { n } }');
  expect(body.data ?? null).toBeNull();
  expect(body.errors).toHaveLength(1);
});

async function closeOf(authorization: unknown): Promise<{ code: number; reason: string }> {
  const socket = new WebSocket(system.url.replace('http', 'ws'), 'graphql-transport-ws');
  return new Promise((resolve, reject) => {
    socket.on('open', () =>
      socket.send(JSON.stringify({ type: 'connection_init', payload: { Authorization: authorization } })),
    );
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    socket.on('error', reject);
  });
}

test('a token that is not valid closes the socket with 4403 and a reason, and gets 401 over HTTP', async () => {
  const other = await new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).setSubject('x').sign(new Uint8Array(32));
  for (const authorization of ['Bearer nonsense', `Bearer ${other}`, 'Basic abc']) {
    expect(await closeOf(authorization)).toMatchObject({
      code: 4403,
      reason: expect.stringContaining('Sign in first'),
    });
    const { status, body } = await post('{ board(id: "x") { id } }', { authorization });
    expect(status).toBe(401);
    expect(body.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  }
});

test('the legacy protocol is turned away with the protocol’s own code', async () => {
  const socket = new WebSocket(system.url.replace('http', 'ws'), 'graphql-ws');
  const code = await new Promise((resolve) => {
    socket.on('close', resolve);
    socket.on('error', () => undefined);
  });
  expect([4406, 1006]).toContain(code);
});

test('errors are JSON, never an HTML page', async () => {
  const broken = await fetch(system.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{',
  });
  expect([broken.status, broken.headers.get('content-type')]).toEqual([
    400,
    expect.stringContaining('application/json'),
  ]);
  const body = JSON.stringify({ query: `{ board(id: "${'x'.repeat(200_000)}") { id } }` });
  const large = await fetch(system.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  expect([large.status, large.headers.get('content-type')]).toEqual([413, expect.stringContaining('application/json')]);
  const nowhere = await fetch(system.url.replace('/graphql', '/nothing'));
  expect([nowhere.status, await nowhere.json()]).toMatchObject([
    404,
    { errors: [{ extensions: { code: 'NOT_FOUND' } }] },
  ]);
});
