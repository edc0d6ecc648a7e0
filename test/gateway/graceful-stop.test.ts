/**
 * SIGTERM under load, to the whole product in one process: its clients are told to come back, what was accepted is answered, what was
 * acknowledged is kept, and the process ends by itself. It leaves with 1, not 0, where that takes more than 25 s.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import WebSocket from 'ws';
import { Secret } from '../../platform/config.ts';
import { mintToken } from '../../platform/tokens.ts';
import { eventually } from '../support/eventually.ts';
import { freePort, startProcess } from '../support/processes.ts';

const SOCKETS = 250; // more than are closed at once
const WRITERS = 8;
const JWT_SECRET = 'j'.repeat(40);

async function start(folder: string) {
  const port = await freePort();
  const started = startProcess(['node', 'gateway/main.ts'], {
    NODE_ENV: 'production',
    PORT: String(port),
    DATA_DIR: folder,
    JWT_SECRET,
    SUBGRAPH_SECRET: 's'.repeat(40),
    RATE_LIMITS: 'off',
    MAX_SOCKETS_PER_USER: '1000',
    LOG_LEVEL: 'warn',
  });
  await started.saw('Fire TV backend is up.', 60_000);
  const url = `http://127.0.0.1:${port}/graphql`;
  const ask = async (userId: string, query: string) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await mintToken(new Secret(JWT_SECRET), userId)}`,
      },
      body: JSON.stringify({ query }),
      signal: AbortSignal.timeout(20_000),
    });
    return {
      status: response.status,
      ...((await response.json()) as { data?: { myRooms?: { id: string }[]; createRoom?: { room: { id: string } } } }),
    };
  };
  return { started, url, ask };
}

/** A socket with a subscription open; resolves when it has been acknowledged. */
function watch(url: string): Promise<{ readonly closed: Promise<number> }> {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
  const closed = new Promise<number>((resolve) => socket.on('close', (code) => resolve(code)));
  socket.on('error', () => undefined);
  socket.on('open', () => socket.send('{"type":"connection_init"}'));
  return new Promise((resolve) =>
    socket.on('message', (data) => {
      if (!String(data).includes('connection_ack')) return;
      socket.send(
        '{"id":"1","type":"subscribe","payload":{"query":"subscription { catalogueChanges { __typename } }"}}',
      );
      resolve({ closed });
    }),
  );
}

test('with sockets open and writes under way', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'firetv-stop-'));
  const running = [await start(folder)];
  try {
    const [{ started, url, ask }] = running as [Awaited<ReturnType<typeof start>>];
    const sockets = await Promise.all(Array.from({ length: SOCKETS }, () => watch(url)));
    const acknowledged = new Map<string, string>();
    const refused: number[] = [];
    let going = true;
    const write = async (writer: number) => {
      for (let n = 0; going; n += 1) {
        const userId = `user_${writer}_${n}`;
        const query = 'mutation { createRoom(input: { commandId: "c", name: "Kept" }) { room { id } } }';
        const reply = await ask(userId, query).catch(() => null); // it listens no more
        if (!reply) return;
        const id = reply.data?.createRoom?.room.id;
        if (id) acknowledged.set(userId, id);
        else refused.push(reply.status);
      }
    };
    const writers = Promise.all(Array.from({ length: WRITERS }, (_, n) => write(n)));
    await eventually(() => acknowledged.size > 20);
    expect(await started.stop('SIGTERM')).toBe(0);
    going = false;
    await writers;
    expect(started.output()).toContain('Stopped.');
    expect(new Set(await Promise.all(sockets.map(({ closed }) => closed)))).toEqual(new Set([1001]));
    expect(refused).toEqual([]); // an answer is a whole one: accepted and carried out

    const again = await start(folder);
    running.push(again);
    const missing: string[] = [];
    for (const [userId, id] of acknowledged) {
      const { data } = await again.ask(userId, '{ myRooms { id } }');
      if (!data?.myRooms?.some((room) => room.id === id)) missing.push(userId);
    }
    expect(missing).toEqual([]);
  } finally {
    await Promise.all(running.map(({ started }) => started.stop('SIGKILL')));
    await rm(folder, { recursive: true, force: true });
  }
}, 120_000);
