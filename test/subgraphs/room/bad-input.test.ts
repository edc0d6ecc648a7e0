/** What apps and people send that they should not: nothing of it half done, each answered in a way that a client can act on. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MAX_POSITION_MS } from '../../../subgraphs/room/domain/timeline.ts';
import { ROOM_LIMITS } from '../../../subgraphs/room/room-limits.ts';
import { ask, fresh, openRooms, type RoomsUnderTest, roomWith, user } from './rooms.ts';

let rooms: RoomsUnderTest;
beforeEach(async () => {
  rooms = await openRooms((ports) => ports, ROOM_LIMITS);
});
afterEach(() => rooms.close());

const code = (name: string) => expect.objectContaining({ code: name });
const command = (roomId: string, commandId = fresh()) => ({ roomId, commandId, expectedRevision: null });
const seek = (
  userId: string,
  roomId: string,
  positionMs: number | null,
  deltaMs: number | null = null,
  commandId = fresh(),
) => rooms.as(userId).rooms.seek(user(userId), { ...command(roomId, commandId), positionMs, deltaMs, force: true });
const say = (userId: string, roomId: string, text: string, commandId = fresh()) =>
  rooms.as(userId).rooms.sendMessage(user(userId), { roomId, commandId, text });
const report = (userId: string, roomId: string, change: object = {}) =>
  rooms.as(userId).rooms.reportPlayback(user(userId), {
    roomId,
    playbackRevision: 1,
    state: 'PLAYING',
    positionMs: 0,
    at: rooms.ports.clock.now(),
    oneWayMs: null,
    ...change,
  });
const revisionOf = async (roomId: string) => (await rooms.saved.findOne({ _id: roomId }))?.revision;

describe('a position', () => {
  test.each([MAX_POSITION_MS + 1, -1, Number.NaN, 1e308, Number.POSITIVE_INFINITY])(
    'of %p is refused',
    async (positionMs) => {
      const { id } = await roomWith(rooms);
      await expect(seek('u1', id, positionMs)).rejects.toEqual(code('POSITION_OUT_OF_RANGE'));
      await expect(seek('u1', id, null, positionMs === -1 ? -1e308 : positionMs)).rejects.toEqual(
        code('POSITION_OUT_OF_RANGE'),
      );
      await expect(report('u1', id, { positionMs })).rejects.toEqual(code('POSITION_OUT_OF_RANGE'));
      expect(await revisionOf(id)).toBe(1);
    },
  );

  test('past the end of the content is refused as soon as a player has told how long it is', async () => {
    const { id } = await roomWith(rooms, 'u2');
    expect(await seek('u1', id, 7_200_000)).toMatchObject({ outcome: 'APPLIED' });
    await report('u2', id, { playbackRevision: 3, durationMs: 5_400_000 });
    await expect(seek('u1', id, 5_400_001)).rejects.toEqual(code('POSITION_OUT_OF_RANGE'));
    expect(await seek('u1', id, 5_400_000)).toMatchObject({ outcome: 'APPLIED', revision: 4 });
  });

  test.each([0, -1, Number.NaN, 1e308])('a duration of %p is refused', async (durationMs) => {
    const { id } = await roomWith(rooms);
    await expect(report('u1', id, { durationMs })).rejects.toEqual(code('BAD_USER_INPUT'));
  });

  test('of 1e999 in a request never reaches the rules', async () => {
    const { id } = await roomWith(rooms);
    const source = `mutation { seek(input: {roomId: "${id}", commandId: "x", positionMs: 1e999}) { outcome } }`;
    expect((await ask(rooms.subgraph, user('u1'), source)).errors).toHaveLength(1);
    expect(await revisionOf(id)).toBe(1);
  });
});

describe('a commandId', () => {
  test('that comes again answers DUPLICATE and costs nothing of the limit, whatever it asks now', async () => {
    const { id } = await roomWith(rooms);
    for (let index = 0; index < 20; index += 1) {
      const { outcome, revision } = await seek('u1', id, index * 1_000, null, 'same');
      expect([outcome, revision]).toEqual([index === 0 ? 'APPLIED' : 'DUPLICATE', 2]);
    }
    expect(await say('u1', id, 'another thing under the same id', 'same')).toMatchObject({ outcome: 'DUPLICATE' });
    expect(await revisionOf(id)).toBe(2);
  });

  test('of another member, or of another room, is no duplicate', async () => {
    const { id } = await roomWith(rooms, 'u2');
    const other = await roomWith(rooms);
    expect((await seek('u1', id, 1, null, 'same')).outcome).toBe('APPLIED');
    expect((await seek('u2', id, 2, null, 'same')).outcome).toBe('APPLIED');
    expect((await seek('u1', other.id, 3, null, 'same')).outcome).toBe('APPLIED');
  });

  test.each(['', '   ', 'x'.repeat(101), 'a\u0000b', 'a\u202eb'])('of %j is refused', async (commandId) => {
    const { id } = await roomWith(rooms);
    await expect(seek('u1', id, 1, null, commandId)).rejects.toEqual(code('BAD_USER_INPUT'));
  });

  test('of a state long gone is a conflict, told with the room as it is; one from the future is an error', async () => {
    const { id } = await roomWith(rooms, 'u2');
    await seek('u1', id, 60_000);
    const stale = { roomId: id, commandId: fresh(), positionMs: 1, deltaMs: null, force: false };
    const answer = await rooms.as('u2').rooms.seek(user('u2'), { ...stale, expectedRevision: 1 });
    expect(answer).toMatchObject({ outcome: 'CONFLICT', revision: 3, room: { playback: { positionMs: 60_000 } } });
    const future = rooms.as('u2').rooms.seek(user('u2'), { ...stale, expectedRevision: 99 });
    await expect(future).rejects.toEqual(code('REVISION_FROM_THE_FUTURE'));
  });
});

describe('a client whose clock is 30 s wrong', () => {
  test.each([30_000, -30_000])('by %i ms: is present and ready like any other, and drags nobody', async (wrongMs) => {
    const { id } = await roomWith(rooms, 'u2');
    const at = () => rooms.ports.clock.now() + wrongMs;
    await report('u2', id, { state: 'READY', at: at() });
    const played = await rooms.as('u1').rooms.play(user('u1'), command(id));
    expect(played.room?.playback).toMatchObject({ status: 'PLAYING', effectiveAt: rooms.ports.clock.now() + 500 });
    rooms.ports.clock.advance(5_000);
    const truth = await report('u2', id, { playbackRevision: 3, positionMs: 34_500, at: at() });
    expect(truth).toMatchObject({ status: 'PLAYING', positionMs: 0, revision: 3 });
    const { data } = await ask(rooms.subgraph, user('u1'), `{ room(id: "${id}") { members { userId state } } }`);
    expect(data?.room).toMatchObject({ members: [{}, { userId: 'u2', state: 'PLAYING' }] });
    expect(await revisionOf(id)).toBe(3);
  });

  test('has no skew that could be told', async () => {
    const { id } = await roomWith(rooms);
    await report('u1', id, { at: rooms.ports.clock.now() + 30_000 });
    const presence = await rooms.ports.store.collection('room_presence').findOne({ _id: `${id}:u1` });
    expect(presence).toMatchObject({ state: 'PLAYING', skewMs: null });
  });

  test('and a player that claims a revision that is not there yet is told so', async () => {
    const { id } = await roomWith(rooms);
    await expect(report('u1', id, { playbackRevision: 2 })).rejects.toEqual(code('REVISION_FROM_THE_FUTURE'));
  });
});

describe('who may not', () => {
  test('a viewer that sends an owner’s commands is FORBIDDEN each time, and cannot use up the room’s limit', async () => {
    const room = await roomWith(rooms, 'u2');
    const { rooms: owner } = rooms.as('u1');
    await owner.updateRoom(user('u1'), {
      ...command(room.id),
      name: null,
      controlPolicy: 'OWNER_ONLY',
      waitPolicy: null,
    });
    const { rooms: viewer } = rooms.as('u2');
    const u2 = user('u2');
    const before = await revisionOf(room.id);
    const mod = { userId: 'u1', role: null };
    const answers = [
      await viewer.moderate(u2, { ...command(room.id), ...mod, action: 'KICK' }),
      await viewer.moderate(u2, { ...command(room.id), ...mod, action: 'BAN' }),
      await viewer.moderate(u2, { ...command(room.id), action: 'TRANSFER_OWNERSHIP', userId: 'u2', role: null }),
      await viewer.moderate(u2, { ...command(room.id), action: 'SET_ROLE', userId: 'u2', role: 'MODERATOR' }),
      await viewer.moderate(u2, { ...command(room.id), action: 'ROTATE_CODE', userId: null, role: null }),
      await viewer.updateRoom(u2, { ...command(room.id), name: 'Mine', controlPolicy: null, waitPolicy: 'NEVER' }),
      await viewer.play(u2, command(room.id)),
      await viewer.pause(u2, command(room.id)),
      await viewer.seek(u2, { ...command(room.id), positionMs: 1, deltaMs: null, force: true }),
    ];
    expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['FORBIDDEN']));
    const more = await Promise.all(Array.from({ length: 20 }, () => viewer.pause(u2, command(room.id))));
    expect(new Set(more.map(({ outcome }) => outcome))).toEqual(new Set(['FORBIDDEN', 'RATE_LIMITED']));
    expect(await revisionOf(room.id)).toBe(before);
    expect((await owner.play(user('u1'), command(room.id))).outcome).toBe('APPLIED');
  });

  test('a banned user is out in every way, also with a fresh context, and learns nothing', async () => {
    const room = await roomWith(rooms, 'u2');
    const ban = { ...command(room.id), action: 'BAN', userId: 'u2', role: null } as const;
    await rooms.as('u1').rooms.moderate(user('u1'), ban);
    const before = await revisionOf(room.id);
    const u2 = user('u2');
    const { rooms: service, reader } = rooms.as('u2');
    expect(await service.join(u2, { code: room.code, displayName: null })).toMatchObject({
      outcome: 'FORBIDDEN',
      room: null,
    });
    expect(await service.play(u2, command(room.id))).toMatchObject({ outcome: 'FORBIDDEN', revision: 0, room: null });
    expect(await say('u2', room.id, 'still here?')).toMatchObject({ outcome: 'FORBIDDEN', revision: 0, room: null });
    await expect(report('u2', room.id)).rejects.toEqual(code('FORBIDDEN'));
    await expect(service.react(u2, room.id, '👍')).rejects.toEqual(code('FORBIDDEN'));
    await expect(reader.eventsSince(u2, room.id, 1)).rejects.toEqual(code('FORBIDDEN'));
    expect(await reader.findReadable(u2, room.id)).toBeNull();
    expect(await revisionOf(room.id)).toBe(before);
  });
});

describe('chat', () => {
  test.each([
    ['64 KB', 'x'.repeat(65_536)],
    ['64 KB of marks on one letter', `a${'\u0301'.repeat(65_535)}`],
    ['501 characters', '🎬'.repeat(501)],
    ['a control character', 'a\u0007b'],
    ['a line break', 'a\nb'],
    ['a right-to-left override', 'a\u202eb'],
    ['an isolate', 'a\u2066b'],
    ['half a surrogate pair', 'a\ud83d'],
    ['nothing to see', '\u200b \u2800 \u3164'],
  ])('with %s is refused and leaves no trace', async (_what, text) => {
    const { id } = await roomWith(rooms);
    await expect(say('u1', id, text)).rejects.toEqual(code('BAD_USER_INPUT'));
    expect(await revisionOf(id)).toBe(1);
  });

  test('of 500 emoji is fine', async () => {
    const { id } = await roomWith(rooms);
    expect(await say('u1', id, '🎬'.repeat(500))).toMatchObject({ outcome: 'APPLIED' });
  });

  test('100 messages at once: 8 get in, the others are told so and change nothing; then one a second', async () => {
    const { id } = await roomWith(rooms, 'u2');
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => say('u1', id, `m${index}`, `m${index}`)),
    );
    const outcomes = answers.map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'APPLIED')).toHaveLength(8);
    expect(outcomes.filter((outcome) => outcome === 'RATE_LIMITED')).toHaveLength(92);
    expect(await revisionOf(id)).toBe(10);
    expect(await say('u2', id, 'me too')).toMatchObject({ outcome: 'APPLIED' });
    expect(await say('u1', id, 'm99', 'm99')).toMatchObject({ outcome: 'RATE_LIMITED' });
    rooms.ports.clock.advance(1_000);
    expect(await say('u1', id, 'm99', 'm99')).toMatchObject({ outcome: 'APPLIED' });
    expect(await say('u1', id, 'm98', 'm98')).toMatchObject({ outcome: 'RATE_LIMITED' });
    rooms.ports.clock.advance(3_600_000);
    const later = await Promise.all(Array.from({ length: 10 }, (_, index) => say('u1', id, `later ${index}`)));
    expect(later.filter(({ outcome }) => outcome === 'APPLIED')).toHaveLength(8);
  });
});

describe('seeks', () => {
  test('30 in 5 s: 5 move the room, the others answer RATE_LIMITED with the room as it is', async () => {
    const { id } = await roomWith(rooms, 'u2');
    const outcomes: string[] = [];
    for (let index = 0; index < 30; index += 1) {
      const answer = await seek('u1', id, index * 1_000);
      outcomes.push(answer.outcome);
      if (answer.outcome === 'RATE_LIMITED') expect(answer.room?.playback.positionMs).toBe(4_000);
      rooms.ports.clock.advance(5_000 / 30);
    }
    expect(outcomes.map((outcome) => outcome === 'APPLIED').lastIndexOf(true)).toBe(4);
    expect(await revisionOf(id)).toBe(7);
    expect((await seek('u2', id, 90_000)).outcome).toBe('APPLIED');
    rooms.ports.clock.advance(5_001);
    expect((await seek('u1', id, 99_000)).outcome).toBe('APPLIED');
  });

  test('of a whole room: 12 in 10 s', async () => {
    const { id } = await roomWith(rooms, 'u2', 'u3', 'u4');
    const answers = await Promise.all(
      ['u1', 'u2', 'u3', 'u4'].flatMap((userId) => Array.from({ length: 5 }, (_, index) => seek(userId, id, index))),
    );
    expect(answers.filter(({ outcome }) => outcome === 'APPLIED')).toHaveLength(12);
    expect(answers.filter(({ outcome }) => outcome === 'RATE_LIMITED')).toHaveLength(8);
    rooms.ports.clock.advance(10_000);
    expect((await seek('u1', id, 1)).outcome).toBe('APPLIED');
  });
});
