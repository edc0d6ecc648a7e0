import { expect, test } from '@jest/globals';
import { play, seek } from '../../../../subgraphs/room/domain/playback.ts';
import type { Presence } from '../../../../subgraphs/room/domain/presence.ts';
import { updateQueue } from '../../../../subgraphs/room/domain/queue.ts';
import type { Room } from '../../../../subgraphs/room/domain/room.ts';
import { tick } from '../../../../subgraphs/room/domain/tick.ts';
import { MAX_POSITION_MS } from '../../../../subgraphs/room/domain/timeline.ts';
import { after, applied, newRoom, T0 } from './build.ts';

const FILM_MS = 600_000;
const by = { actorId: 'owner', expectedRevision: null };
const watching = (userId: string, now: number, rest: Partial<Presence> = {}): Presence => ({
  userId,
  state: 'PLAYING',
  lastSeenAt: now,
  oneWayMs: null,
  playbackRevision: 1_000,
  stalledAt: null,
  awayAt: null,
  entitled: true,
  durationMs: FILM_MS,
  skewMs: null,
  ...rest,
});
const at = (now: number, ...presences: Presence[]) => ({ now, delaysMs: [], presences });
const playing = (room: Room): Room => applied(room, 'owner', play(room, by, at(T0)));
/** When the film of a room that starts at T0 is over. */
const END = T0 + 500 + FILM_MS;
const due = (room: Room, now: number, ...presences: Presence[]) => tick(room, at(now, ...presences));
function ended(room: Room, now: number, ...presences: Presence[]): Room {
  const change = due(room, now, ...presences);
  if (change === null) throw new Error('nothing is due');
  return after(room, null as never, change, now);
}

test('a room that plays to the end of its content is over, which nobody paused', () => {
  const room = playing(newRoom(['a']));
  expect(due(room, END - 1_000, watching('a', END - 1_000))).toBeNull();
  const over = ended(room, END, watching('a', END));
  expect(over.playback).toMatchObject({ status: 'ENDED', positionMs: FILM_MS, actorId: null });
  expect(over.lastPause).toBeNull();
  expect(due(over, END + 60_000, watching('a', END + 60_000))).toBeNull();
});

test('the longest that a member tells counts, so that nobody ends it for the others; of other content it tells nothing', () => {
  const room = playing(newRoom(['a', 'b']));
  const [short, long] = [watching('a', END), watching('b', END, { durationMs: FILM_MS + 5_000 })];
  expect(due(room, END, short, long)).toBeNull();
  expect(ended(room, END + 5_000, short, long).playback.positionMs).toBe(FILM_MS + 5_000);
  expect(due(room, END, watching('a', END, { playbackRevision: 0 }))).toBeNull();
});

test('where nobody tells how long it is, it ends with the longest there can be', () => {
  const room = playing(newRoom());
  expect(due(room, END)).toBeNull();
  expect(ended(room, T0 + 500 + MAX_POSITION_MS).playback.status).toBe('ENDED');
});

test('the queue goes on by itself, waiting for those who load the next', () => {
  const one = newRoom(['a']);
  const add = { actorId: 'owner', action: 'ADD', contentId: 'next', itemId: null, toIndex: null } as const;
  const room = playing(applied(one, 'owner', updateQueue(one, add, at(T0))));
  const next = ended(room, END, watching('a', END));
  expect(next.queue).toEqual([]);
  expect(next.playback).toMatchObject({
    status: 'WAITING',
    contentId: 'next',
    positionMs: 0,
    waitingFor: ['a'],
    waitUntil: END + 12_000,
    actorId: null,
  });
});

test('play starts what is over again, when all have loaded its start; a seek goes back into it, paused', () => {
  const a = watching('a', END);
  const room = ended(playing(newRoom(['a'])), END, a);
  const again = applied(room, 'owner', play(room, by, at(END, a)));
  expect(again.playback).toMatchObject({ status: 'WAITING', positionMs: 0, waitingFor: ['a'] });
  expect(again.loadRevision).toBe(again.revision);
  const back = applied(
    room,
    'owner',
    seek(room, { ...by, positionMs: null, deltaMs: -10_000, force: false }, at(END, a)),
  );
  expect(back.playback).toMatchObject({ status: 'PAUSED', positionMs: FILM_MS - 10_000 });
});
