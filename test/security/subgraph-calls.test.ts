/** A subgraph's own port: without the gateway's signature nothing is answered, `_service` and `_entities` included. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadConfig } from '../../platform/config.ts';
import { ANONYMOUS, type Identity } from '../../platform/identity.ts';
import { signRequest } from '../../platform/request-signature.ts';
import { type SubgraphServer, serveSubgraph } from '../../platform/subgraph-server.ts';
import { createRoomSubgraph } from '../../subgraphs/room/subgraph.ts';
import { openTestPorts, type TestPorts } from '../support/ports.ts';
import { freePort } from '../support/processes.ts';

const config = loadConfig({ SUBGRAPH_SECRET: 'k'.repeat(32) });
const SECRET = config.subgraphSecret.reveal();
let ports: TestPorts;
let server: SubgraphServer;
let url: string;
beforeAll(async () => {
  ports = await openTestPorts();
  server = await serveSubgraph(createRoomSubgraph(ports), ports, config, {
    port: await freePort(),
    variable: 'ROOM_PORT',
  });
  url = `http://127.0.0.1:${server.port}/graphql`;
});
afterAll(async () => {
  await server?.stop();
  await ports.close();
});

const ANN: Identity = { userId: 'ann', scopes: [], audience: null };
const body = JSON.stringify({ query: '{ _service { sdl } }' });
const sign = (over: { body?: string; path?: string; identity?: Identity; secret?: string; at?: number } = {}) => {
  const request = { method: 'POST', path: over.path ?? '/graphql', body: over.body ?? body };
  return signRequest(over.secret ?? SECRET, request, over.identity ?? ANN, over.at ?? ports.clock.now(), 5_000);
};
const call = (headers: Record<string, string>, text = body, path = '') =>
  fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: text });

test('a signed call is answered, once', async () => {
  const headers = sign();
  expect((await call(headers)).status).toBe(200);
  expect((await call(headers)).status).toBe(401);
});

test('unsigned calls get 401, whatever they ask', async () => {
  for (const query of [
    '{ _service { sdl } }',
    '{ __typename }',
    '{ _entities(representations: [{__typename: "User", id: "01"}]) { ... on User { rooms { id code } } } }',
    '{',
    '',
  ]) {
    const response = await call({}, JSON.stringify({ query }));
    expect([response.status, await response.json()]).toMatchObject([
      401,
      { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
    ]);
  }
  expect((await call({ 'x-firetv-identity': Buffer.from(JSON.stringify(ANN)).toString('base64url') })).status).toBe(
    401,
  );
});

test('a signature is good for its own body, path, identity and time, and for nobody who made it with another key', async () => {
  const other = JSON.stringify({ query: '{ __typename }' });
  const eve = Buffer.from(JSON.stringify({ ...ANN, userId: 'eve' })).toString('base64url');
  const calls = [
    call(sign(), other),
    call(sign(), body, '?a=1'),
    call({ ...sign(), 'x-firetv-identity': eve }),
    call({ ...sign(), 'x-firetv-time': String(ports.clock.now() + 1) }),
    call({ ...sign(), 'x-firetv-nonce': 'another' }),
    call(sign({ secret: 'another'.repeat(8) })),
    call(sign({ at: ports.clock.now() - 30_001 })),
    call(sign({ at: ports.clock.now() + 30_001 })),
    call({ ...sign(), 'x-firetv-signature': '' }),
  ];
  expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(calls.map(() => 401));
});

test('other methods and paths have nothing to say', async () => {
  for (const [method, path] of [
    ['GET', '?query={__typename}'],
    ['PUT', ''],
    ['GET', '/../graphql/x'],
    ['DELETE', ''],
  ] as const) {
    expect((await fetch(url + path, { method })).status).toBe(404);
  }
});

test('behind the signature a viewer still sees their own rooms only, through _entities, too', async () => {
  const ask = async (identity: Identity, query: string) => {
    const text = JSON.stringify({ query });
    return (await (await call(sign({ body: text, identity }), text)).json()) as {
      data: Record<string, never> | null;
      errors?: unknown[];
    };
  };
  const made = (await ask(
    ANN,
    'mutation { createRoom(input: { commandId: "c1", name: "Ours" }) { room { id code } } }',
  )) as unknown as {
    data: { createRoom: { room: { id: string } } };
  };
  const { id } = made.data.createRoom.room;
  const room = `{ _entities(representations: [{__typename: "Room", id: "${id}"}]) { ... on Room { name code messages { text } } } }`;
  const rooms =
    '{ _entities(representations: [{__typename: "User", id: "ann"}]) { ... on User { rooms { id code } } } }';
  expect(JSON.stringify(await ask(ANN, room))).toContain('Ours');
  expect(JSON.stringify(await ask(ANN, rooms))).toContain(id);
  for (const identity of [
    ANONYMOUS,
    { ...ANN, userId: 'eve' },
    { userId: null, scopes: [], audience: 'social_rooms:r_another' },
  ]) {
    expect(JSON.stringify([await ask(identity, room), await ask(identity, rooms)])).not.toMatch(
      new RegExp(`Ours|${id}|"rooms":\\[`),
    );
  }
});
