/** A client that stops reading: its socket is closed with the revision to resume after, and nobody else notices. */
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import WebSocket from 'ws';
import { eventually } from '../support/eventually.ts';
import { ToySystem, take } from './toy-system.ts';

const NOTES = 'subscription ($after: Int) { board(boardId: "b1", after: $after) { seq ... on NoteAdded { text } } }';
const EVENTS = 600;
const TEXT = 'x'.repeat(40_000); // 24 MB in all: more than the kernel holds for a socket

let system: ToySystem;
beforeEach(async () => {
  system = await ToySystem.start();
});
afterEach(() => system.stop());

test('a socket that stops reading is closed with 4410, others get everything, and it can resume', async () => {
  const healthy = (await system.client('ann')).iterate({ query: NOTES });
  await take(healthy, 1);

  const stuck = new WebSocket(system.url.replace('http', 'ws'), 'graphql-transport-ws');
  const seen: number[] = [];
  stuck.on('message', (data) => {
    const message = JSON.parse(String(data));
    if (message.type === 'next') seen.push(message.payload.data.board.seq);
  });
  await once(stuck, 'open');
  stuck.send(JSON.stringify({ type: 'connection_init', payload: { Authorization: await system.token('bob') } }));
  await once(stuck, 'message');
  stuck.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: NOTES } }));
  await eventually(() => seen.length === 1);
  stuck.pause();

  const all = take(healthy, EVENTS);
  for (let seq = 1; seq <= EVENTS; seq += 1) await system.note('b1', seq, { data: { text: TEXT } });
  const cursors = (await all).map((frame) => Number((frame['extensions'] as { cursor: string }).cursor));
  expect(cursors).toEqual(Array.from({ length: EVENTS }, (_, index) => index + 1));

  const closed = once(stuck, 'close');
  stuck.resume();
  const [code, reason] = await closed;
  expect([code, String(reason)]).toEqual([4410, expect.stringMatching(/Resume after \d+/)]);
  const last = seen.at(-1) ?? 0;
  expect(last).toBeLessThan(EVENTS);
  expect(seen).toEqual(Array.from({ length: last + 1 }, (_, index) => index));

  const back = (await system.client('bob')).iterate({ query: NOTES, variables: { after: last } });
  const rest = (await take(back, EVENTS - last)).map(
    (frame) => (frame as never as { data: { board: { seq: number } } }).data.board.seq,
  );
  expect(rest).toEqual(Array.from({ length: EVENTS - last }, (_, index) => last + 1 + index));
});
