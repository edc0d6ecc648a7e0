/** The wire over real sockets: attempts that nobody answers, and what it leaves open. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { afterEach, expect, test } from '@jest/globals';
import { buildSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import WebSocket, { WebSocketServer } from 'ws';
import { ConnectionLostError, type RoomTransport, socketTransport } from '../../client/transport.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/processes.ts';

const NAME = { name: 'Name', document: 'query Name { name }' };
const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

function transportTo(port: number): RoomTransport {
  const transport = socketTransport({
    url: `ws://127.0.0.1:${port}/`,
    authorization: () => 'Bearer x',
    webSocketImpl: WebSocket,
  });
  open.push(() => transport.close());
  return transport;
}

/** A server that leaves the first so many attempts without an answer. */
async function serve(port: number, unanswered = 0) {
  const http = createServer();
  const wss = new WebSocketServer({ noServer: true });
  const schema = buildSchema('type Query { name: String, never: String }');
  const protocol = useServer(
    { schema, roots: { query: { name: () => 'here', never: () => new Promise(() => undefined) } } },
    wss,
  );
  const attempts: Duplex[] = [];
  http.on('upgrade', (request, socket, head) => {
    attempts.push(socket);
    socket.on('error', () => undefined);
    if (attempts.length <= unanswered) {
      socket.resume().on('end', () => socket.destroy());
      return;
    }
    wss.handleUpgrade(request, socket, head, (accepted) => wss.emit('connection', accepted, request));
  });
  http.listen(port, '127.0.0.1');
  await once(http, 'listening');
  open.push(async () => {
    for (const socket of attempts) socket.destroy();
    await protocol.dispose();
    http.close();
  });
  return { attempts, sockets: wss.clients };
}

test('an attempt without an answer is overtaken by the next, and ended', async () => {
  const port = await freePort();
  const { attempts, sockets } = await serve(port, 1);
  await expect(transportTo(port).request(NAME, {})).resolves.toEqual({ name: 'here' });
  expect(attempts.length).toBeGreaterThanOrEqual(2);
  await eventually(() => attempts[0]?.destroyed === true);
  expect(sockets.size).toBe(1);
});

test('a server that is not there is an answer; failed attempts do not keep a later socket open for ever', async () => {
  const port = await freePort();
  const transport = transportTo(port);
  for (const _ of [1, 2]) await expect(transport.request(NAME, {})).rejects.toThrow(ConnectionLostError);
  const { attempts, sockets } = await serve(port);
  await expect(transport.request(NAME, {})).resolves.toEqual({ name: 'here' });
  await eventually(() => sockets.size === 0); // nothing uses it
  expect(attempts).toHaveLength(1);
});

test('a socket that is lost under an operation does not keep the next one open, either', async () => {
  const port = await freePort();
  const { sockets } = await serve(port);
  const transport = transportTo(port);
  const asked = transport.request({ name: 'Never', document: 'query Never { never }' }, {});
  await eventually(() => sockets.size === 1);
  for (const socket of sockets) socket.terminate();
  await expect(asked).rejects.toThrow(ConnectionLostError);
  await expect(transport.request(NAME, {})).resolves.toEqual({ name: 'here' });
  await eventually(() => sockets.size === 0);
  expect(sockets.size).toBe(0);
});

test('when nobody waits any more no attempt is made, and nothing is sent later', async () => {
  const port = await freePort();
  const { attempts, sockets } = await serve(port, 2);
  const transport = transportTo(port);
  const controller = new AbortController();
  const seen: unknown[] = [];
  transport.request(NAME, {}, controller.signal).then(
    (data) => seen.push(data),
    (error) => seen.push(error),
  );
  await eventually(() => attempts.length === 2);
  controller.abort();
  await eventually(() => attempts.every((socket) => socket.destroyed));
  await expect(transport.request(NAME, {})).resolves.toEqual({ name: 'here' });
  expect(attempts).toHaveLength(3);
  expect(sockets.size).toBe(1);
  expect(seen).toEqual([]);
});

test('closing while it connects ends the attempts', async () => {
  const port = await freePort();
  const { attempts } = await serve(port, 100);
  const transport = transportTo(port);
  const asked = transport.request(NAME, {});
  await eventually(() => attempts.length > 0);
  await transport.close();
  await expect(asked).rejects.toThrow(ConnectionLostError);
  await eventually(() => attempts.every((socket) => socket.destroyed));
  expect(attempts.every((socket) => socket.destroyed)).toBe(true);
});
