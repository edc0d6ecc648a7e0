import { describe, expect, test } from '@jest/globals';
import type { Decision } from '../../../../subgraphs/room/domain/decision.ts';
import { pause, play, seek, setContent, setPlaybackRate } from '../../../../subgraphs/room/domain/playback.ts';
import type { Room } from '../../../../subgraphs/room/domain/room.ts';
import { MAX_POSITION_MS, pauseLeadMs, positionAt, startLeadMs } from '../../../../subgraphs/room/domain/timeline.ts';
import { after, applied, newRoom, T0 } from './build.ts';

const at = (now: number, delaysMs: number[] = []) => ({ now, delaysMs });
const by = (actorId: string, expectedRevision: number | null = null) => ({ actorId, expectedRevision });
const to = (
  actorId: string,
  positionMs: number | null,
  deltaMs: number | null = null,
  expectedRevision: number | null = null,
) => ({
  ...by(actorId, expectedRevision),
  positionMs,
  deltaMs,
  force: false,
});
const code = (name: string) => expect.objectContaining({ code: name });
const outcome = ({ outcome }: Decision) => outcome;
const playing = (room: Room = newRoom(['a', 'b']), now = T0): Room =>
  applied(room, 'owner', play(room, by('owner'), at(now)), now);

describe('scheduling', () => {
  test('play starts 500 ms ahead while nobody reported a delay', () => {
    expect(playing().playback).toMatchObject({
      status: 'PLAYING',
      positionMs: 0,
      effectiveAt: T0 + 500,
      actorId: 'owner',
    });
  });

  test.each([
    [[10, 20, 30], 350],
    [[100, 100], 400],
    [[100, 100, 100, 100, 100, 100, 100, 100, 100, 5_000], 400],
    [[4_000], 1_500],
  ])('delays %j give a lead of %i ms', (delaysMs, leadMs) => {
    expect(startLeadMs(delaysMs)).toBe(leadMs);
    expect(pauseLeadMs(delaysMs)).toBeGreaterThanOrEqual(150);
    expect(pauseLeadMs(delaysMs)).toBeLessThanOrEqual(600);
  });

  test('pause fixes the position the room will have 150 ms ahead', () => {
    const room = playing();
    const paused = applied(room, 'a', pause(room, by('a'), at(T0 + 10_500)), T0 + 10_500);
    expect(paused.playback).toMatchObject({ status: 'PAUSED', positionMs: 10_150, effectiveAt: T0 + 10_650 });
  });

  test('a pause before the scheduled start stays at the start', () => {
    const room = playing();
    const paused = applied(room, 'a', pause(room, by('a'), at(T0 + 100)));
    expect(paused.playback.positionMs).toBe(0);
  });

  test('a seek keeps playing, and keeps paused', () => {
    const room = playing();
    const moved = applied(room, 'owner', seek(room, to('owner', 60_000), at(T0 + 2_000)));
    expect(moved.playback).toMatchObject({ status: 'PLAYING', positionMs: 60_000, effectiveAt: T0 + 2_500 });
    const still = newRoom();
    const set = applied(still, 'owner', seek(still, to('owner', 60_000), at(T0)));
    expect(set.playback).toMatchObject({ status: 'PAUSED', positionMs: 60_000, effectiveAt: T0 });
  });

  test('a new rate does not jump', () => {
    const room = playing();
    const now = T0 + 4_500;
    const faster = applied(room, 'owner', setPlaybackRate(room, { ...by('owner'), rate: 2 }, at(now)), now);
    expect(faster.playback.positionMs).toBe(4_000);
    expect(positionAt(faster.playback, now + 1_000)).toBe(6_000);
  });

  test('new content stands at its start', () => {
    const room = playing();
    const next = applied(
      room,
      'owner',
      setContent(room, { ...by('owner'), contentId: 'movie_2', positionMs: null, force: false }, at(T0 + 9_000)),
    );
    expect(next.playback).toMatchObject({
      status: 'PAUSED',
      contentId: 'movie_2',
      positionMs: 0,
      revision: next.revision,
    });
  });
});

describe('conflicts', () => {
  test('pause wins from any state it saw, and is done already where the room is paused', () => {
    const room = playing();
    expect(outcome(pause(room, by('a', 1), at(T0 + 1_000)))).toBe('APPLIED');
    expect(outcome(pause(newRoom(['a']), by('a'), at(T0)))).toBe('NOOP');
  });

  test('play is done already where the room plays', () => {
    expect(outcome(play(playing(), by('a'), at(T0)))).toBe('NOOP');
  });

  test.each([
    ['a', null, 600, 'CONFLICT'],
    ['a', 3, 600, 'CONFLICT'],
    ['a', 5, 600, 'APPLIED'],
    ['a', null, 700, 'APPLIED'],
    ['b', null, 100, 'APPLIED'],
  ] as const)('after a pause by b, play by %s that saw %p, %i ms later: %s', (actorId, saw, afterMs, expected) => {
    const room = playing();
    const now = T0 + 10_000;
    const paused = applied(room, 'b', pause(room, by('b'), at(now)), now);
    expect(paused.playback.revision).toBe(5);
    expect(outcome(play(paused, by(actorId, saw), at(now + afterMs)))).toBe(expected);
  });

  test('content that stands still by itself, or a seek while paused, is nobody’s pause', () => {
    const room = newRoom(['a']);
    expect(outcome(play(room, by('a'), at(T0 + 1)))).toBe('APPLIED');
    const moved = applied(room, 'owner', seek(room, to('owner', 9_000), at(T0)));
    expect(outcome(play(moved, by('a'), at(T0 + 1)))).toBe('APPLIED');
    const next = applied(
      playing(),
      'owner',
      setContent(playing(), { ...by('owner'), contentId: 'm2', positionMs: null, force: false }, at(T0)),
    );
    expect(outcome(play(next, by('a'), at(T0 + 1)))).toBe('APPLIED');
  });

  test('a stale absolute seek is a conflict, unless it follows its own command or is forced', () => {
    const room = playing();
    expect(outcome(seek(room, to('a', 5_000, null, 1), at(T0)))).toBe('CONFLICT');
    expect(outcome(seek(room, to('owner', 5_000, null, 1), at(T0)))).toBe('APPLIED');
    expect(outcome(seek(room, { ...to('a', 5_000, null, 1), force: true }, at(T0)))).toBe('APPLIED');
    expect(outcome(seek(room, to('a', 5_000, null, room.playback.revision), at(T0)))).toBe('APPLIED');
  });

  test('a stale relative seek applies to what is current, and stops at the start', () => {
    const room = playing();
    const now = T0 + 20_500;
    const back = applied(room, 'a', seek(room, to('a', null, -5_000, 1), at(now)), now);
    expect(back.playback.positionMs).toBe(15_000);
    const far = applied(room, 'a', seek(room, to('a', null, -50_000, 1), at(now)), now);
    expect(far.playback.positionMs).toBe(0);
  });

  test('a message in between does not make a seek stale', () => {
    const room = playing();
    const talked = after(room, 'b', { type: 'room.message.posted', data: { text: 'hi' } });
    expect(outcome(seek(talked, to('a', 5_000, null, room.playback.revision), at(T0)))).toBe('APPLIED');
  });

  test('a revision from the future is an error', () => {
    expect(() => play(newRoom(), by('owner', 99), at(T0))).toThrow(code('REVISION_FROM_THE_FUTURE'));
  });

  test('nothing plays or moves without content', () => {
    const room = newRoom([], { contentId: null });
    expect(room.playback.status).toBe('IDLE');
    expect(outcome(play(room, by('owner'), at(T0)))).toBe('CONFLICT');
    expect(outcome(seek(room, to('owner', 1), at(T0)))).toBe('CONFLICT');
  });
});

describe('input', () => {
  test.each([-1, Number.NaN, 1e308, Number.POSITIVE_INFINITY, MAX_POSITION_MS + 1])(
    'refuses to seek to %p',
    (positionMs) => {
      expect(() => seek(newRoom(), to('owner', positionMs), at(T0))).toThrow(code('POSITION_OUT_OF_RANGE'));
      expect(() => seek(newRoom(), to('owner', null, positionMs === -1 ? Number.NaN : positionMs), at(T0))).toThrow(
        code('POSITION_OUT_OF_RANGE'),
      );
    },
  );

  test.each([
    [null, null],
    [1, 1],
  ])('refuses a seek with %p and %p', (positionMs, deltaMs) => {
    expect(() => seek(newRoom(), to('owner', positionMs, deltaMs), at(T0))).toThrow(code('BAD_USER_INPUT'));
  });

  test.each([0, -1, 0.2, 4.1, Number.NaN])('refuses the rate %p', (rate) => {
    expect(() => setPlaybackRate(newRoom(), { ...by('owner'), rate }, at(T0))).toThrow(code('BAD_USER_INPUT'));
  });
});
