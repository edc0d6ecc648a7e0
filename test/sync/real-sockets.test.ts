/** The library over real sockets against the running system: clocks 30 s wrong, delayed paths, players that start late. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import WebSocket from 'ws';
import { joinRoom, RequestError, socketTransport, systemTimers } from '../../client/index.ts';
import { ROOM_EVENTS } from '../../client/operations.ts';
import { Api } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { freePort, type StartedProcess, startProcess } from '../support/processes.ts';
import { type RealMember, RealRoom } from './real-room.ts';

const folder = mkdtempSync(join(tmpdir(), 'firetv-sync-'));
let server: StartedProcess;
let api: Api;
let room: RealRoom;
let members: RealMember[];

beforeAll(async () => {
  const port = await freePort();
  const env = { PORT: String(port), DATA_DIR: folder, LOG_LEVEL: 'warn' };
  server = startProcess(['node', 'gateway/main.ts'], env);
  await server.saw('Fire TV backend is up.', 60_000);
  api = new Api(`http://127.0.0.1:${port}/graphql`);
  room = await RealRoom.open(api, 7, '01');
  members = [];
  for (const userId of ['01', '02', '03']) members.push(await room.add(userId));
}, 90_000);
afterAll(async () => {
  await room?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const member = (index: number): RealMember => members[index] as RealMember;
const revisionsOf = ({ events }: RealMember): number[] => events.map(({ revision }) => revision);
const all = (holds: (each: RealMember) => boolean): Promise<unknown> => eventually(() => members.every(holds), 20_000);

test('a play starts everybody in step, and a pause stops them all at one place', async () => {
  await all(({ client }) => client.state === 'READY');
  expect((await member(0).client.play()).outcome).toBe('APPLIED');
  await all(({ player, client }) => player.isMoving && client.timeline?.status === 'PLAYING');
  // As good as people need it; how good it gets is the benchmark's to tell: this machine may be busy.
  await eventually(() => (room.spreadMs ?? Number.POSITIVE_INFINITY) < 250, 20_000);
  for (const { client } of members) {
    const { estimate } = client.clock;
    const errorMs = Math.abs(client.clock.now() - systemTimers.now());
    expect(errorMs).toBeLessThanOrEqual((estimate?.uncertaintyMs ?? 0) + 5); // two processes read one clock at their start
  }

  expect((await member(1).client.pause()).outcome).toBe('APPLIED');
  await all(({ client, player }) => client.timeline?.status === 'PAUSED' && player.isPaused);
  const { positionMs } = member(0).client.timeline ?? { positionMs: Number.NaN };
  await all(({ player }) => Math.abs(player.truePositionMs - positionMs) <= 300);
  expect(new Set(members.map(({ client }) => JSON.stringify(client.timeline))).size).toBe(1);
});

test('a dropped socket comes back by itself and goes on without a hole; what the others did meanwhile is done', async () => {
  const away = member(2);
  const before = away.client.lastRevision as number;
  const seen = away.statuses.length;
  away.network.cut(1_500);
  away.proxy.reset();
  for (const text of ['one', 'two', 'three']) await member(0).client.sendMessage(text);
  await member(0).client.seek(600_000);
  await all(({ client }) => client.lastRevision === member(0).client.lastRevision && client.lastRevision !== before);
  expect(away.statuses.slice(seen)).toEqual(expect.arrayContaining(['waiting', 'connecting', 'live']));
  for (const each of members) {
    const revisions = revisionsOf(each);
    expect(revisions).toEqual(revisions.map((_, index) => (revisions[0] as number) + index));
    expect(each.client.holes).toBe(0); // the stream itself had none: the library had nothing to mend
  }
  expect(away.events.flatMap(({ text }) => text ?? [])).toEqual(['one', 'two', 'three']);
  await all(({ player }) => Math.abs(player.truePositionMs - 600_000) <= 300);
});

test('a command given while the socket is down is carried out once, after it is back', async () => {
  const away = member(2);
  away.network.cut(1_000);
  away.proxy.reset();
  const answer = await away.client.sendMessage('still here');
  expect(['APPLIED', 'DUPLICATE']).toContain(answer.outcome);
  await all(({ events }) => events.filter(({ text }) => text === 'still here').length === 1);
});

test('who is put out of the room is told so and does not try again', async () => {
  const kicked = member(1);
  await api.ask('01', 'mutation ($input: ModerateInput!) { moderate(input: $input) { outcome } }', {
    input: { roomId: room.roomId, commandId: crypto.randomUUID(), action: 'KICK', userId: '02' },
  });
  await eventually(() => kicked.statuses.at(-1) === 'ended');
  await expect(kicked.client.sendMessage('let me in')).resolves.toMatchObject({ outcome: 'FORBIDDEN' });
  await expect(kicked.transport.request({ name: 'Nope', document: 'query Nope { nope }' }, {})).rejects.toThrow(
    RequestError,
  );
});

test('a banned user gets nowhere with a fresh socket, and is told nothing', async () => {
  const { data } = await api.ask('01', 'query ($id: ID!) { room(id: $id) { code } }', { id: room.roomId });
  const banned = member(2);
  await api.ask('01', 'mutation ($input: ModerateInput!) { moderate(input: $input) { outcome } }', {
    input: { roomId: room.roomId, commandId: crypto.randomUUID(), action: 'BAN', userId: '03' },
  });
  await eventually(() => banned.statuses.at(-1) === 'ended');
  const transport = socketTransport({
    url: api.url.replace('http', 'ws'),
    authorization: () => api.token('03'),
    webSocketImpl: WebSocket,
  });
  const heard: unknown[] = [];
  const ended = new Promise((resolve) => {
    const variables = { roomId: room.roomId, afterRevision: banned.client.lastRevision };
    transport.subscribe(ROOM_EVENTS, variables, { next: (event) => void heard.push(event), end: resolve });
  });
  const forbidden = expect.objectContaining({ code: 'FORBIDDEN' });
  expect(await ended).toEqual(forbidden);
  await expect(joinRoom(transport, data.room.code)).rejects.toEqual(forbidden);
  expect(heard).toEqual([]);
  await transport.close();
});
