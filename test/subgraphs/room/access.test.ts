import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ANONYMOUS, type Identity } from '../../../platform/identity.ts';
import { ROOM_PULSE } from '../../../schema/events/topics.ts';
import { audienceOf, contextOf, fresh, openRooms, published, type RoomsUnderTest, roomWith, user } from './rooms.ts';

let rooms: RoomsUnderTest;
beforeEach(async () => {
  rooms = await openRooms();
});
afterEach(() => rooms.close());

const code = (name: string) => expect.objectContaining({ code: name });
const serviceOf = (identity: Identity) => contextOf(rooms.subgraph, identity).rooms;
const readerOf = (identity: Identity) => contextOf(rooms.subgraph, identity).reader;

type Act = (identity: Identity, roomId: string) => Promise<{ outcome: string; revision: number; room: unknown }>;
const seen = (roomId: string) => ({ roomId, commandId: fresh(), expectedRevision: null });
const ACTS: Record<string, Act> = {
  play: (who, id) => serviceOf(who).play(who, seen(id)),
  pause: (who, id) => serviceOf(who).pause(who, seen(id)),
  seek: (who, id) => serviceOf(who).seek(who, { ...seen(id), positionMs: 1, deltaMs: null, force: true }),
  setPlaybackRate: (who, id) => serviceOf(who).setPlaybackRate(who, { ...seen(id), rate: 2 }),
  setContent: (who, id) =>
    serviceOf(who).setContent(who, { ...seen(id), contentId: 'm2', positionMs: null, force: true }),
  sendMessage: (who, id) => serviceOf(who).sendMessage(who, { ...seen(id), text: 'hi' }),
  updateQueue: (who, id) =>
    serviceOf(who).updateQueue(who, { ...seen(id), action: 'ADD', contentId: 'm2', itemId: null, toIndex: null }),
  updateRoom: (who, id) =>
    serviceOf(who).updateRoom(who, { ...seen(id), name: 'New', controlPolicy: null, waitPolicy: null }),
  lock: (who, id) => serviceOf(who).moderate(who, { ...seen(id), action: 'LOCK', userId: null, role: null }),
  kick: (who, id) => serviceOf(who).moderate(who, { ...seen(id), action: 'KICK', userId: 'u2', role: null }),
  rotate: (who, id) => serviceOf(who).moderate(who, { ...seen(id), action: 'ROTATE_CODE', userId: null, role: null }),
};

describe.each(Object.keys(ACTS))('%s', (name) => {
  const act = ACTS[name]!;
  test('is refused to strangers in the same words as for a room that is not there, and changes nothing', async () => {
    const { id } = await roomWith(rooms, 'u2');
    const refused = await act(user('stranger'), id);
    expect(refused).toMatchObject({ outcome: 'FORBIDDEN', revision: 0, room: null });
    expect(await act(user('stranger'), 'r_nowhere')).toEqual(refused);
    expect(await published(rooms.ports, id)).toHaveLength(2);
  });

  test('is refused to nobody and to an audience', async () => {
    const { id } = await roomWith(rooms);
    await expect(act(ANONYMOUS, id)).rejects.toEqual(code('UNAUTHENTICATED'));
    await expect(act(audienceOf(id), id)).rejects.toEqual(code('UNAUTHENTICATED'));
  });

  const ownerOnly = ['updateRoom', 'lock', 'kick', 'rotate'].includes(name);
  test(`by a viewer in an open room: ${ownerOnly ? 'refused' : 'not refused'}`, async () => {
    const { id } = await roomWith(rooms, 'u2', 'u3');
    const { outcome } = await act(user('u3'), id);
    expect(outcome === 'FORBIDDEN').toBe(ownerOnly);
  });

  const closedTo = !['sendMessage'].includes(name);
  test(`by a viewer where only the owner controls: ${closedTo ? 'refused' : 'not refused'}`, async () => {
    const { id } = await roomWith(rooms, 'u2', 'u3');
    const settings = { ...seen(id), name: null, controlPolicy: 'OWNER_ONLY' as const, waitPolicy: null };
    await serviceOf(user('u1')).updateRoom(user('u1'), settings);
    expect((await act(user('u3'), id)).outcome === 'FORBIDDEN').toBe(closedTo);
  });
});

describe('reading', () => {
  test.each([
    ['a member', () => user('u2'), true],
    ['the room’s audience', audienceOf, true],
    ['a stranger', () => user('u9'), false],
    ['nobody', () => ANONYMOUS, false],
    ['another room’s audience', () => audienceOf('r_other'), false],
    ['another topic’s audience', (id: string): Identity => ({ ...ANONYMOUS, audience: `room_pulse:${id}` }), false],
  ])('a room by %s: %#', async (_, who, may) => {
    const { id } = await roomWith(rooms, 'u2');
    const room = await readerOf(who(id)).findReadable(who(id), id);
    expect(room !== null).toBe(may);
  });

  test('ends with membership', async () => {
    const { id } = await roomWith(rooms, 'u2');
    await serviceOf(user('u1')).moderate(user('u1'), { ...seen(id), action: 'KICK', userId: 'u2', role: null });
    expect(await readerOf(user('u2')).findReadable(user('u2'), id)).toBeNull();
    expect((await readerOf(user('u2')).findRoomIds(['u2'])).get('u2')).toEqual([]);
  });
});

describe('the way in', () => {
  const enter = (userId: string, typed: string) =>
    serviceOf(user(userId)).join(user(userId), { code: typed, displayName: null });

  test('a code is read as people type it', async () => {
    const room = await roomWith(rooms);
    const typed = ` ${room.code.slice(0, 4).toLowerCase()}-${room.code.slice(4)} `;
    expect(await enter('u2', typed)).toMatchObject({ outcome: 'APPLIED', revision: 2 });
    expect(await enter('u2', typed)).toMatchObject({ outcome: 'NOOP' });
  });

  test('a wrong code, a locked room and a ban cannot be told apart', async () => {
    const room = await roomWith(rooms, 'u2');
    const owner = serviceOf(user('u1'));
    await owner.moderate(user('u1'), { ...seen(room.id), action: 'BAN', userId: 'u2', role: null });
    const wrong = await enter('u3', 'ZZZZZZZZ');
    const banned = await enter('u2', room.code);
    await owner.moderate(user('u1'), { ...seen(room.id), action: 'LOCK', userId: null, role: null });
    const locked = await enter('u3', room.code);
    for (const { outcome, revision, room: shown } of [wrong, banned, locked]) {
      expect({ outcome, revision, shown }).toEqual({ outcome: 'FORBIDDEN', revision: 0, shown: null });
    }
  });

  test('a rotated code is void, the new one opens', async () => {
    const room = await roomWith(rooms);
    const { room: rotated } = await ACTS.rotate!(user('u1'), room.id);
    expect(await enter('u2', room.code)).toMatchObject({ outcome: 'FORBIDDEN' });
    expect(await enter('u2', (rotated as typeof room).code)).toMatchObject({ outcome: 'APPLIED' });
  });

  test('10 attempts a minute, then RATE_LIMITED even with the right code, for this user only', async () => {
    const room = await roomWith(rooms);
    for (let attempt = 0; attempt < 10; attempt += 1) await enter('u2', 'ZZZZZZZZ');
    expect(await enter('u2', room.code)).toMatchObject({ outcome: 'RATE_LIMITED', room: null });
    expect(await enter('u3', room.code)).toMatchObject({ outcome: 'APPLIED' });
    rooms.ports.clock.advance(60_001);
    expect(await enter('u2', room.code)).toMatchObject({ outcome: 'APPLIED' });
  });

  test('leaving twice is done already, and tells nothing of a room one is not in', async () => {
    const { id } = await roomWith(rooms, 'u2');
    const leave = () => serviceOf(user('u2')).leave(user('u2'), id);
    expect(await leave()).toMatchObject({ outcome: 'APPLIED', revision: 3, room: null });
    expect(await leave()).toMatchObject({ outcome: 'NOOP', revision: 0, room: null });
  });
});

describe('replay', () => {
  const since = (identity: Identity, roomId: string, after: number | null) =>
    readerOf(identity).eventsSince(identity, roomId, after);
  const talk = async (roomId: string, count: number) => {
    for (let index = 0; index < count; index += 1) {
      await serviceOf(user('u1')).sendMessage(user('u1'), { roomId, commandId: fresh(), text: `m${index}` });
    }
  };

  test('begins with one snapshot of the current revision', async () => {
    const { id, playback } = await roomWith(rooms, 'u2');
    await talk(id, 1);
    const { actorId: _actor, at: _at, ...state } = playback;
    expect(await since(user('u2'), id, null)).toEqual([
      expect.objectContaining({ type: 'room.snapshot.taken', roomId: id, revision: 3, data: { playback: state } }),
    ]);
  });

  test('goes on with just what was published', async () => {
    const { id } = await roomWith(rooms, 'u2');
    await talk(id, 3);
    const all = await published(rooms.ports, id);
    expect(await since(user('u2'), id, 0)).toEqual(all);
    expect(await since(user('u2'), id, 3)).toEqual(all.slice(3));
    expect(await since(user('u2'), id, 5)).toEqual([]);
  });

  test('500 missing events come one by one; of more, or of lost ones, a snapshot', async () => {
    const { id } = await roomWith(rooms);
    await talk(id, 500);
    expect((await since(user('u1'), id, 1)).map(({ revision }) => revision)).toEqual(
      Array.from({ length: 500 }, (_, i) => i + 2),
    );
    expect(await since(user('u1'), id, 0)).toMatchObject([{ type: 'room.snapshot.taken', revision: 501 }]);
    await rooms.events.deleteMany({ roomId: id, revision: { $lt: 400 } });
    expect(await since(user('u1'), id, 300)).toMatchObject([{ type: 'room.snapshot.taken', revision: 501 }]);
    expect(await since(user('u1'), id, 499)).toHaveLength(2);
  });

  test('refuses the future, the negative, strangers and nobody', async () => {
    const { id } = await roomWith(rooms);
    await expect(since(user('u1'), id, 2)).rejects.toEqual(code('REVISION_FROM_THE_FUTURE'));
    await expect(since(user('u1'), id, -1)).rejects.toEqual(code('BAD_USER_INPUT'));
    await expect(since(ANONYMOUS, id, null)).rejects.toEqual(code('UNAUTHENTICATED'));
    const refused = await since(user('u9'), id, 5).catch((error: unknown) => error);
    expect(refused).toEqual(code('FORBIDDEN'));
    expect(await since(user('u9'), 'r_nowhere', 5).catch((error: unknown) => error)).toEqual(refused);
  });
});

describe('presence and reactions', () => {
  const report = (userId: string, roomId: string, change: object = {}) =>
    serviceOf(user(userId)).reportPlayback(user(userId), {
      roomId,
      playbackRevision: 1,
      state: 'PLAYING',
      positionMs: 0,
      at: rooms.ports.clock.now(),
      oneWayMs: 400,
      ...change,
    });
  const pulses = async () => {
    const found: unknown[] = [];
    for (let partition = 0; partition < ROOM_PULSE.partitions; partition += 1) {
      for await (const { value } of rooms.ports.log.read({ topic: ROOM_PULSE.name, partition, fromOffset: 0 })) {
        found.push(JSON.parse(String(value)));
      }
    }
    return found;
  };

  test('a report is answered with the truth, pulsed, and lengthens the lead', async () => {
    const { id } = await roomWith(rooms, 'u2');
    await serviceOf(user('u1')).play(user('u1'), seen(id));
    rooms.ports.clock.advance(2_500);
    const truth = await report('u2', id, { playbackRevision: 3, positionMs: 2_100 });
    expect(truth).toMatchObject({ revision: 3, status: 'PLAYING' });
    expect(await pulses()).toMatchObject([{ roomId: id, members: [{ userId: 'u2', state: 'PLAYING', skewMs: 100 }] }]);
    await serviceOf(user('u1')).pause(user('u1'), seen(id));
    const { room } = await serviceOf(user('u1')).play(user('u1'), seen(id));
    expect(room?.playback.effectiveAt).toBe(rooms.ports.clock.now() + 1_300);
  });

  test.each([
    [{ positionMs: -1 }, 'POSITION_OUT_OF_RANGE'],
    [{ oneWayMs: 1e9 }, 'BAD_USER_INPUT'],
    [{ at: Number.NaN }, 'BAD_USER_INPUT'],
  ])('refuses a report with %j', async (change, name) => {
    const { id } = await roomWith(rooms);
    await expect(report('u1', id, change)).rejects.toEqual(code(name));
  });

  test('a reaction reaches the room; not from a muted member, not from a stranger', async () => {
    const { id } = await roomWith(rooms, 'u2');
    const react = (userId: string) => serviceOf(user(userId)).react(user(userId), id, '👍');
    expect(await react('u2')).toBe(true);
    expect(await pulses()).toMatchObject([{ roomId: id, reactions: [{ emoji: '👍', count: 1 }] }]);
    await serviceOf(user('u1')).moderate(user('u1'), { ...seen(id), action: 'MUTE', userId: 'u2', role: null });
    expect(await react('u2')).toBe(false);
    await expect(react('u9')).rejects.toEqual(code('FORBIDDEN'));
  });
});
