/** Time in rooms, through the service, the store and the log; the clock stands until a test moves it. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RoomEvent, RoomPulse } from '../../../schema/events/room.ts';
import { ROOM_DEPARTURES, ROOM_PULSE } from '../../../schema/events/topics.ts';
import type { Report } from '../../../subgraphs/room/domain/presence.ts';
import { createRoomSubgraph } from '../../../subgraphs/room/subgraph.ts';
import { eventually } from '../../support/eventually.ts';
import {
  contextOf,
  firstAppearances,
  fold,
  fresh,
  openRooms,
  published,
  type RoomsUnderTest,
  roomOf,
  roomWith,
  user,
} from './rooms.ts';

let rooms: RoomsUnderTest;
beforeEach(async () => {
  rooms = await openRooms();
});
afterEach(() => rooms.close());

const report = (userId: string, roomId: string, change: Partial<Report> = {}, subgraph = rooms.subgraph) =>
  contextOf(subgraph, user(userId)).rooms.reportPlayback(user(userId), {
    roomId,
    playbackRevision: 1,
    state: 'PLAYING',
    positionMs: 0,
    at: rooms.ports.clock.now(),
    oneWayMs: 20,
    ...change,
  });
const command = (roomId: string) => ({ roomId, commandId: fresh(), expectedRevision: null });
const play = (userId: string, roomId: string) => rooms.as(userId).rooms.play(user(userId), command(roomId));
const seekTo = (userId: string, roomId: string, positionMs: number) =>
  rooms.as(userId).rooms.seek(user(userId), { ...command(roomId), positionMs, deltaMs: null, force: true });
const nowIn = async (roomId: string) => {
  const saved = await rooms.saved.findOne({ _id: roomId });
  if (saved === null) throw new Error('no such room');
  return saved.room;
};
const pulses = async (roomId: string) => {
  const found: RoomPulse[] = [];
  for (let partition = 0; partition < ROOM_PULSE.partitions; partition += 1) {
    for await (const { key, value } of rooms.ports.log.read({ topic: ROOM_PULSE.name, partition, fromOffset: 0 })) {
      if (key === roomId) found.push(JSON.parse(String(value)));
    }
  }
  return found;
};
const leavers = (events: readonly RoomEvent[]) =>
  events.flatMap(({ type, actorId, data }) =>
    type === 'room.member.changed' && data.change === 'LEFT' ? [{ actorId, ...data }] : [],
  );

/** Two members who play, and the revision that they follow. */
async function playingRoom() {
  const { id } = await roomWith(rooms, 'u2');
  const { revision } = await play('u1', id);
  rooms.ports.clock.advance(5_000);
  for (const userId of ['u1', 'u2']) await report(userId, id, { playbackRevision: revision, positionMs: 4_500 });
  return { id, revision };
}

test('the report of a player at its end ends the content, and is answered with that', async () => {
  const { id, revision } = await playingRoom();
  const told = { playbackRevision: revision, durationMs: 60_000, positionMs: 59_000 };
  rooms.ports.clock.advance(54_000);
  expect(await report('u2', id, told)).toMatchObject({ status: 'PLAYING' });
  rooms.ports.clock.advance(2_000);
  const over = { status: 'ENDED', positionMs: 60_000, revision: revision + 1, actorId: null };
  expect(await report('u1', id, { ...told, state: 'READY', positionMs: 60_000 })).toMatchObject(over);
  expect((await nowIn(id)).playback).toMatchObject(over);
});

describe('closed sockets', () => {
  const depart = (roomId: string, userId: string, at = rooms.ports.clock.now()) =>
    rooms.ports.log.publish(ROOM_DEPARTURES.name, [{ key: roomId, value: JSON.stringify({ userId, at }) }]);
  const told = async (roomId: string, userId: string) =>
    (await pulses(roomId))
      .flatMap(({ members }) => members.filter((each) => each.userId === userId))
      .map((each) => each.state);
  const presenceOf = async (roomId: string, userId: string) => {
    const found = await rooms.as('u1').reader.findPresence([roomId]);
    return found.get(roomId)?.find((each) => each.userId === userId);
  };

  test('are told to the room soon, as DISCONNECTED; a report brings the member back', async () => {
    const { id, revision } = await playingRoom();
    await depart(id, 'u2');
    await eventually(async () => (await presenceOf(id, 'u2'))?.state === 'DISCONNECTED');
    expect(await told(id, 'u2')).not.toContain('DISCONNECTED');
    rooms.ports.clock.advance(6_000);
    await eventually(async () => (await told(id, 'u2')).at(-1) === 'DISCONNECTED');
    await report('u2', id, { playbackRevision: revision, positionMs: 10_500 });
    await eventually(async () => (await told(id, 'u2')).at(-1) === 'PLAYING');
  });

  test('of one device are not told where another goes on reporting', async () => {
    const { id, revision } = await playingRoom();
    await depart(id, 'u2');
    await eventually(async () => (await presenceOf(id, 'u2'))?.state === 'DISCONNECTED');
    rooms.ports.clock.advance(5_000);
    for (const userId of ['u1', 'u2']) await report(userId, id, { playbackRevision: revision, positionMs: 9_500 });
    rooms.ports.clock.advance(4_000);
    await depart(id, 'u2', rooms.ports.clock.now() - 4_500); // heard of late: it has reported since
    await depart(id, 'u1');
    await eventually(async () => (await presenceOf(id, 'u1'))?.state === 'DISCONNECTED');
    expect((await presenceOf(id, 'u2'))?.state).toBe('PLAYING');
    expect(await told(id, 'u2')).not.toContain('DISCONNECTED');
  });

  test('end a wait for their member; of who never reported, and what is no departure, change nothing', async () => {
    const { id } = await playingRoom();
    await rooms.ports.log.publish(ROOM_DEPARTURES.name, [
      { key: id, value: 'no JSON' },
      { key: id, value: '{}' },
    ]);
    await depart(id, 'nobody');
    const { revision } = await seekTo('u1', id, 60_000);
    await report('u1', id, { playbackRevision: revision, state: 'READY', positionMs: 60_000 });
    expect((await nowIn(id)).playback).toMatchObject({ status: 'WAITING', waitingFor: ['u1', 'u2'] });
    await depart(id, 'u2');
    await eventually(async () => (await nowIn(id)).playback.status === 'PLAYING');
    expect(await presenceOf(id, 'nobody')).toBeUndefined();
  });
});

describe('a wait', () => {
  test('ends with the last report, which is answered with the start', async () => {
    const { id } = await playingRoom();
    const { revision, room } = await seekTo('u1', id, 60_000);
    expect(room?.playback).toMatchObject({ status: 'WAITING', waitingFor: ['u1', 'u2'] });
    const ready = { playbackRevision: revision, state: 'READY', positionMs: 60_000 } as const;
    rooms.ports.clock.advance(300);
    expect(await report('u1', id, ready)).toMatchObject({ status: 'WAITING' });
    rooms.ports.clock.advance(300);
    const started = { status: 'PLAYING', positionMs: 60_000, effectiveAt: rooms.ports.clock.now() + 350 };
    expect(await report('u2', id, ready)).toMatchObject({ ...started, revision: revision + 1, actorId: null });
    expect((await nowIn(id)).playback).toMatchObject(started);
  });

  test('ends by itself at waitUntil, also where the process that began it is gone', async () => {
    const { id } = await playingRoom();
    await seekTo('u1', id, 60_000);
    const { waitUntil } = (await nowIn(id)).playback;
    await rooms.subgraph.stop();
    rooms.ports.clock.advance(3_500);
    const other = createRoomSubgraph(rooms.ports);
    await other.start();
    try {
      await eventually(async () => (await nowIn(id)).playback.status === 'PLAYING');
      expect((await nowIn(id)).playback).toMatchObject({ positionMs: 60_000, effectiveAt: waitUntil, actorId: null });
    } finally {
      await other.stop();
    }
  });

  test('with three processes ends once', async () => {
    const { id } = await playingRoom();
    const others = [createRoomSubgraph(rooms.ports), createRoomSubgraph(rooms.ports)];
    for (const other of others) await other.start();
    try {
      const { revision } = await seekTo('u1', id, 60_000);
      const ready = { playbackRevision: revision, state: 'READY', positionMs: 60_000 } as const;
      const [first, second] = others;
      await Promise.all([report('u1', id, ready, first), report('u2', id, ready, second), report('u2', id, ready)]);
      await eventually(async () => (await nowIn(id)).playback.status === 'PLAYING');
      rooms.ports.clock.advance(10_000);
      await rooms.as('u1').rooms.sendMessage(user('u1'), { ...command(id), text: 'after' });
      const events = await published(rooms.ports, id);
      const after = events.filter((event) => event.revision > revision);
      expect(new Set(after.map(({ type }) => type))).toEqual(new Set(['room.playback.played', 'room.message.posted']));
      expect(firstAppearances(after)).toEqual([revision + 1, revision + 2]);
    } finally {
      for (const other of others) await other.stop();
    }
  });

  test('begins for a member that stalls longer than the grace', async () => {
    const { id, revision } = await playingRoom();
    await report('u2', id, { playbackRevision: revision, state: 'BUFFERING' });
    rooms.ports.clock.advance(2_000);
    await eventually(async () => (await nowIn(id)).playback.status === 'WAITING');
    const { playback } = await nowIn(id);
    expect(playback).toMatchObject({
      waitingFor: ['u2'],
      positionMs: 6_650,
      waitUntil: rooms.ports.clock.now() + 6_000,
    });
    const back = await report('u2', id, { playbackRevision: playback.revision, state: 'READY', positionMs: 6_650 });
    expect(back).toMatchObject({ status: 'PLAYING', positionMs: 6_650 });
  });

  test('is not begun by who joins and loads', async () => {
    const { id, revision } = await playingRoom();
    const { code } = await nowIn(id);
    await rooms.as('u3').rooms.join(user('u3'), { code, displayName: null });
    for (const state of ['JOINING', 'BUFFERING'] as const)
      await report('u3', id, { playbackRevision: revision, state });
    rooms.ports.clock.advance(5_000);
    await report('u3', id, { playbackRevision: revision, state: 'BUFFERING' });
    // Something that a sweep does later than a stall would be: the joiner's silence is shown.
    rooms.ports.clock.advance(17_000);
    await eventually(async () =>
      (await pulses(id)).some(({ members }) => members.some(({ state }) => state === 'AWAY')),
    );
    expect((await nowIn(id)).playback).toMatchObject({ status: 'PLAYING', revision });
  });
});

describe('silence', () => {
  test('makes a member AWAY to the others when it lasts; back within 5 s was never away', async () => {
    const { id, revision } = await playingRoom();
    rooms.ports.clock.advance(16_900);
    await report('u2', id, { playbackRevision: revision });
    rooms.ports.clock.advance(100);
    const told = await eventually(async () => {
      const away = (await pulses(id)).flatMap(({ members }) => members.filter(({ state }) => state === 'AWAY'));
      return away.length > 0 && away;
    });
    expect(told).toEqual([{ userId: 'u1', state: 'AWAY', skewMs: null }]);
  });

  test('of 90 s ends a membership, also after a restart; the room hears it once', async () => {
    const { id, revision } = await playingRoom();
    await rooms.subgraph.stop();
    rooms.ports.clock.advance(50_000);
    const [one, two] = [createRoomSubgraph(rooms.ports), createRoomSubgraph(rooms.ports)];
    await Promise.all([one.start(), two.start()]);
    try {
      await report('u1', id, { playbackRevision: revision }, one);
      rooms.ports.clock.advance(89_999);
      await report('u1', id, { playbackRevision: revision }, one);
      expect((await nowIn(id)).members).toHaveLength(2); // the time without a process is nobody's fault
      rooms.ports.clock.advance(6_000);
      await eventually(async () => (await nowIn(id)).members.length === 1);
      expect(leavers(await published(rooms.ports, id))).toEqual([{ actorId: null, userId: 'u2', change: 'LEFT' }]);
      await expect(report('u2', id)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    } finally {
      await Promise.all([one.stop(), two.stop()]);
    }
  });

  test('of 120 s passes the room on; the owner comes back and takes it', async () => {
    const { id, revision } = await playingRoom();
    const { code } = await nowIn(id);
    for (let seconds = 0; seconds < 120; seconds += 10) {
      rooms.ports.clock.advance(10_000);
      await report('u2', id, { playbackRevision: revision });
    }
    await eventually(async () => (await nowIn(id)).members.length === 1);
    expect((await nowIn(id)).members).toMatchObject([{ userId: 'u2', role: 'OWNER' }]);
    const back = roomOf(await rooms.as('u1').rooms.join(user('u1'), { code, displayName: null }));
    expect(back.members).toMatchObject([{ role: 'OWNER' }, { userId: 'u1', role: 'VIEWER' }]);
    const transfer = { ...command(id), action: 'TRANSFER_OWNERSHIP', userId: 'u1', role: null } as const;
    const owned = roomOf(await rooms.as('u1').rooms.moderate(user('u1'), transfer));
    expect(owned.members).toMatchObject([{ role: 'MODERATOR' }, { userId: 'u1', role: 'OWNER' }]);
    expect(fold(await published(rooms.ports, id))).toEqual(owned);
  });
});

describe('pulses', () => {
  test('of one room are coalesced: a crowd of reactions and reports is a handful of messages', async () => {
    const { id, revision } = await playingRoom();
    const before = (await pulses(id)).length;
    const hearts = Array.from({ length: 10 }, () => rooms.as('u1').rooms.react(user('u1'), id, '❤️'));
    const thumbs = Array.from({ length: 10 }, () => rooms.as('u2').rooms.react(user('u2'), id, '👍'));
    await Promise.all([...hearts, ...thumbs]);
    await report('u2', id, { playbackRevision: revision, state: 'BUFFERING' });
    await report('u2', id, { playbackRevision: revision, state: 'PLAYING' });
    await rooms.subgraph.stop(); // sends what waits
    const sent = (await pulses(id)).slice(before);
    const count = (emoji: string) =>
      sent
        .flatMap(({ reactions }) => reactions)
        .reduce((sum, each) => sum + (each.emoji === emoji ? each.count : 0), 0);
    expect([count('❤️'), count('👍')]).toEqual([10, 10]);
    expect(sent.at(-1)?.members).toMatchObject([{ userId: 'u2', state: 'PLAYING' }]);
    expect(sent.length).toBeLessThan(10);
    await rooms.subgraph.start();
  });

  test('11 reactions of a member in one second are one too many', async () => {
    const { id } = await roomWith(rooms, 'u2');
    const react = (userId: string) => rooms.as(userId).rooms.react(user(userId), id, '🎉');
    for (let index = 0; index < 10; index += 1) expect(await react('u1')).toBe(true);
    await expect(react('u1')).rejects.toMatchObject({ code: 'TOO_MANY' });
    expect(await react('u2')).toBe(true);
    rooms.ports.clock.advance(1_000);
    expect(await react('u1')).toBe(true);
  });

  test('a heartbeat that says nothing new is not told', async () => {
    const { id, revision } = await playingRoom();
    await rooms.subgraph.stop();
    const before = (await pulses(id)).length;
    await report('u2', id, { playbackRevision: revision, positionMs: 4_510 });
    await rooms.subgraph.stop();
    expect((await pulses(id)).length).toBe(before);
    await report('u2', id, { playbackRevision: revision, positionMs: 4_900 });
    await rooms.subgraph.stop();
    expect((await pulses(id)).at(-1)?.members).toMatchObject([{ userId: 'u2', skewMs: 400 }]);
  });
});
