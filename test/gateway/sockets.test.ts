/** Sockets: how many, from where, for how long, and how they end. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { SignJWT } from 'jose';
import type WebSocket from 'ws';
import { SOCKET_LIMITS } from '../../gateway/socket-limits.ts';
import { eventually } from '../support/eventually.ts';
import { closing, EdgeSystem, type EdgeSystemOptions, receive, SECRET } from './edge-system.ts';

let system: EdgeSystem;
const start = async (edge: EdgeSystemOptions['edge'] = {}) => {
  system = await EdgeSystem.start({ edge });
  return system;
};
afterEach(() => system.stop());

const PINGS = { query: 'subscription { pings { n } }' };
const subscribe = (socket: WebSocket, id: string) =>
  socket.send(JSON.stringify({ id, type: 'subscribe', payload: PINGS }));
const metric = async (name: string) => {
  const text = await (await fetch(system.url.replace('/graphql', '/metrics'))).text();
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
};

/** A token that ends so many seconds from now; the clocks' leeway is 5 s. */
const tokenFor = async (userId: string, seconds: number, scope = 'viewer') => {
  const jwt = new SignJWT({ scope }).setProtectedHeader({ alg: 'HS256' }).setSubject(userId);
  return `Bearer ${await jwt.setExpirationTime(Math.floor(Date.now() / 1000) + seconds).sign(new TextEncoder().encode(SECRET.reveal()))}`;
};

test('at most so many sockets a user; another user, and the same after closing one, are let in', async () => {
  await start({ sockets: { ...SOCKET_LIMITS, socketsPerViewer: 2 } });
  const ann = await system.token('ann');
  const first = await system.connect(ann);
  await system.connect(ann);
  await expect(system.connect(ann)).rejects.toMatchObject({
    code: 4429,
    reason: expect.stringContaining('too many sockets'),
  });
  await system.connect(await system.token('bob'));
  first.close();
  await eventually(async () => (await metric('gateway_sockets')) === 2);
  await system.connect(ann);
  await system.connect();
  await system.connect();
  await expect(system.connect()).rejects.toMatchObject({ code: 4429 });
});

test('at most so many sockets a process: the next one is told so before it is one', async () => {
  await start({ sockets: { ...SOCKET_LIMITS, sockets: 1 } });
  await system.connect();
  const [, response] = await once(
    system.open().on('error', () => undefined),
    'unexpected-response',
  );
  expect(response.statusCode).toBe(503);
});

test('at most so many operations a user, over all sockets; one that ends makes room', async () => {
  await start({ sockets: { ...SOCKET_LIMITS, subscriptionsPerViewer: 2 } });
  const ann = await system.token('ann');
  const [one, two] = [await system.connect(ann), await system.connect(ann)];
  subscribe(one, 'a');
  subscribe(two, 'b');
  await eventually(async () => (await metric('gateway_streams')) === 1);
  expect((await system.operate(two, PINGS)).errors).toMatchObject([{ extensions: { code: 'TOO_MANY' } }]);
  one.send(JSON.stringify({ id: 'a', type: 'complete' }));
  await eventually(async () => (await system.operate(two, { query: '{ shelf(id: "1") { id } }' })).errors.length === 0);
  two.close();
  await eventually(async () => (await metric('gateway_streams')) === 0);
  for (const id of ['c', 'd']) subscribe(one, id);
  expect((await system.operate(one, PINGS)).errors).toHaveLength(1);
});

test('operations that fail, over and over, use nothing up', async () => {
  await start({ sockets: { ...SOCKET_LIMITS, subscriptionsPerViewer: 1 } });
  const socket = await system.connect();
  for (const query of [
    '{ nope }',
    '{',
    '{ fail }',
    'subscription { mine { n } }',
    '{ shelf(id: "1") { id } }',
    'subscription { nope }',
  ]) {
    await eventually(
      async () => !(await system.operate(socket, { query })).errors.some((e) => e.extensions.code === 'TOO_MANY'),
    );
  }
});

test('a page of another origin gets no socket; one of the list, of the same host, and an app that is no page, do', async () => {
  await start({ allowedOrigins: ['https://tv.example.com'] });
  for (const Origin of ['https://evil.example.com', 'null', 'http://127.0.0.1:1', 'https://tv.example.com.evil.com']) {
    const [, response] = await once(
      system.open({ Origin }).on('error', () => undefined),
      'unexpected-response',
    );
    expect([Origin, response.statusCode]).toEqual([Origin, 403]);
  }
  for (const Origin of ['https://tv.example.com', `http://127.0.0.1:${system.port}`])
    await system.connect(undefined, { Origin });
  await system.connect();
});

test('over HTTP the same origins may read answers, and a preflight of others is refused in JSON', async () => {
  await start({ allowedOrigins: ['https://tv.example.com'] });
  const preflight = (origin: string) =>
    fetch(system.url, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });
  const allowed = await preflight('https://tv.example.com');
  expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([204, 'https://tv.example.com']);
  const refused = await preflight('https://evil.example.com');
  expect([refused.status, refused.headers.get('access-control-allow-origin'), await refused.json()]).toMatchObject([
    403,
    null,
    { errors: [{}] },
  ]);
});

test('a socket is closed with 4403 when its token ends, unless a ping brought another of the same user before', async () => {
  await start();
  const left = await system.connect(await tokenFor('ann', 1));
  const stays = await system.connect(await tokenFor('ann', 1));
  const leftClosed = closing(left);
  const ping = async (payload: object) => {
    const pong = receive(stays, 'pong');
    stays.send(JSON.stringify({ type: 'ping', payload }));
    return (await pong).payload;
  };
  expect(await ping({ Authorization: await system.token('eve') })).toMatchObject({ error: { code: 'FORBIDDEN' } });
  expect(await ping({ Authorization: await tokenFor('ann', 60, 'viewer admin') })).toMatchObject({
    error: { code: 'FORBIDDEN' },
  });
  expect(await ping({ Authorization: 'Bearer nonsense' })).toMatchObject({ error: { code: 'UNAUTHENTICATED' } });
  expect(await ping({ hello: 1 })).toEqual({ hello: 1 });
  const refreshed = await ping({ Authorization: await tokenFor('ann', 60) });
  expect(refreshed).toEqual({ expiresAt: expect.any(Number) });
  expect(await leftClosed).toMatchObject({ code: 4403, reason: expect.stringContaining('expired') });
  expect((await system.operate(stays, { query: '{ mine }' })).data).toEqual({ mine: 'of ann' });
});

test('a socket that says nothing, or speaks before it is acknowledged, is closed', async () => {
  await start();
  const silent = system.open();
  const hasty = system.open();
  await once(hasty, 'open');
  const ofHasty = closing(hasty);
  subscribe(hasty, 'a');
  expect((await ofHasty).code).toBe(4401);
  expect((await closing(silent)).code).toBe(4408);
});

test('events reach an operation under its own id, whatever is in it, and none after it is completed', async () => {
  await start();
  const socket = await system.connect();
  const id = 'a"\\}\n\u0001é📺';
  const publish = (n: number) => system.ports.log.publish('pings', [{ key: 'k', value: JSON.stringify({ n }) }]);
  const first = receive(socket, 'next', id);
  subscribe(socket, id);
  await eventually(async () => (await metric('gateway_subscriptions')) === 1);
  await publish(1);
  expect(await first).toEqual({ id, type: 'next', payload: { data: { pings: { n: 1 } } } });
  socket.send(JSON.stringify({ id, type: 'complete' }));
  await eventually(async () => (await metric('gateway_subscriptions')) === 0);
  const second = receive(socket, 'next', id, 'other');
  subscribe(socket, 'other');
  await eventually(async () => (await metric('gateway_subscriptions')) === 1);
  await publish(2);
  expect(await second).toMatchObject({ id: 'other', payload: { data: { pings: { n: 2 } } } });
});

test('a socket whose other end has gone without a word is ended, and all that was open on it; one that answers pings stays', async () => {
  await start({ sockets: { ...SOCKET_LIMITS, pingMs: 400 } });
  const [gone, stays] = [await system.connect(), await system.connect()];
  subscribe(gone, 'a');
  await eventually(async () => (await metric('gateway_subscriptions')) === 1);
  gone.pause(); // acknowledged, and from now on it reads no ping
  await eventually(async () => (await metric('gateway_sockets')) === 1);
  expect(await metric('gateway_subscriptions')).toBe(0);
  expect((await system.operate(stays, { query: '{ mine }' })).errors).toMatchObject([
    { extensions: { code: 'UNAUTHENTICATED' } },
  ]);
});

test('stopping closes sockets with 1001, takes no new ones, is not ready, and is over soon even where clients say nothing', async () => {
  await start();
  const sockets = await Promise.all(Array.from({ length: 30 }, () => system.connect()));
  const mute = connect(system.port, '127.0.0.1');
  mute.write(
    `GET /graphql HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n`,
  );
  await once(mute, 'data');
  const closed = Promise.all(sockets.map(closing));
  const stopped = system.stopGateway();
  const ready = await fetch(system.url.replace('/graphql', '/readyz')).then(
    (each) => each.status,
    () => 503,
  );
  expect(ready).toBe(503);
  expect(new Set((await closed).map(({ code }) => code))).toEqual(new Set([1001]));
  await stopped;
  await expect(fetch(system.url)).rejects.toThrow();
  mute.destroy();
});
