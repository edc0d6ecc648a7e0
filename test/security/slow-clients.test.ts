/** Clients that send slowly, or nothing, or never read, hold a connection for a bounded time. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { EdgeSystem } from '../gateway/edge-system.ts';

let system: EdgeSystem;
beforeAll(async () => {
  system = await EdgeSystem.start({ edge: { headersTimeoutMs: 300, requestTimeoutMs: 600 } });
});
afterAll(() => system.stop());

/** All that comes back until the server ends the connection. */
async function until(text: string, drip?: string): Promise<string> {
  const socket = connect(system.port, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
  });
  socket.on('error', () => undefined);
  socket.write(text);
  const timer = drip === undefined ? undefined : setInterval(() => socket.writable && socket.write(drip), 50);
  await once(socket, 'close');
  clearInterval(timer);
  return received;
}

const HEAD = 'POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';

test.each([
  ['headers that never end', HEAD, 'X-A: b\r\n'],
  ['half a request line', 'POST /gra', undefined],
  ['a body that never ends', `${HEAD}Content-Length: 1000\r\n\r\n{`, ' '],
  ['a chunked body that never ends', `${HEAD}Transfer-Encoding: chunked\r\n\r\n`, '1\r\n \r\n'],
])('%s: answered with 408 in JSON, and cut off', async (_what, text, drip) => {
  const received = await until(text, drip);
  expect(received).toMatch(/^HTTP\/1\.1 408 /);
  expect(received).toContain('"code":"BAD_REQUEST"');
});

test.each([
  ['what is not HTTP', 'hello there\r\n\r\n', 400],
  [
    'two lengths (request smuggling)',
    `${HEAD}Content-Length: 2\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n`,
    400,
  ],
  ['headers too large', `${HEAD}X-A: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
])('%s is refused in JSON', async (_what, text, status) => {
  const received = await until(text);
  expect(received).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(received).toContain('application/json');
});

test('a socket that is upgraded and then half open says nothing, and is ended', async () => {
  const key = 'AAAAAAAAAAAAAAAAAAAAAA==';
  const upgrade = `GET /graphql HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n`;
  const socket = connect(system.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(upgrade);
  let received = Buffer.alloc(0);
  const said = new Promise<void>((resolve) =>
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.includes(Buffer.from('initialisation'))) resolve();
    }),
  );
  await said; // 4408, after the protocol's 3 s
  socket.destroy();
});
