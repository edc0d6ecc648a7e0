/** One player made to follow a timeline, in virtual time: what it is told to do, and when. */
import { afterEach, expect, test } from '@jest/globals';
import { PlaybackFollower, type UserAction } from '../../client/playback-follower.ts';
import type { PlayerEvent } from '../../client/player.ts';
import type { MemberState, Timeline } from '../../client/timeline.ts';
import { Random } from '../sync/random.ts';
import { SimPlayer } from '../sync/sim-player.ts';
import { VirtualTime } from '../sync/virtual-time.ts';

const T0 = 1_000_000;
const TRAITS = {
  playLatencyMs: 150,
  seekCostMs: 500,
  variation: 0,
  landingErrorMs: 0,
  ratePpm: 0,
  readNoiseMs: 0,
} as const;

let follower: PlaybackFollower;
let time: VirtualTime;
let player: SimPlayer;
let states: MemberState[];
let actions: UserAction[];
let serverKnown: boolean;
let revision: number;
afterEach(() => follower.stop());

function open(traits: Partial<typeof TRAITS> | Record<string, number> = {}): void {
  time = new VirtualTime(T0);
  player = new SimPlayer(time, new Random(1), { ...TRAITS, ...traits });
  [states, actions, serverKnown, revision] = [[], [], true, 0];
  follower = new PlaybackFollower({
    player,
    timers: time,
    serverNow: () => (serverKnown ? time.now() : null),
    onState: (state) => void states.push(state),
    onUserAction: (action) => void actions.push(action),
  });
}

const at = (inMs: number): number => time.now() + inMs;
function follow(change: Partial<Timeline>): void {
  revision += 1;
  const before = follower.timeline;
  const none = { positionMs: 0, rate: 1, effectiveAt: time.now(), contentId: 'movie', status: 'PAUSED' as const };
  follower.follow({ waitingFor: [], waitUntil: null, ...none, ...before, ...change, revision });
}
const run = (forMs: number): Promise<void> => time.runUntil(time.now() + forMs);
const roomMs = (): number => {
  const { positionMs, effectiveAt, rate } = follower.timeline as Timeline;
  return positionMs + (time.now() - effectiveAt) * rate;
};
const offMs = (): number => Math.abs(player.truePositionMs - roomMs());
async function playing(): Promise<void> {
  follow({ positionMs: 60_000 });
  await run(3_000);
  follow({ status: 'PLAYING', effectiveAt: at(500) });
  await run(5_000);
}

test('loads, stands still, and starts so that frames move at the instant, however slow the player is', async () => {
  open();
  follow({ positionMs: 60_000 });
  expect(states).toEqual(['BUFFERING']);
  await run(3_000);
  expect(states).toEqual(['BUFFERING', 'READY']);
  follow({ status: 'PLAYING', effectiveAt: at(500) });
  await run(499);
  expect(player.isMoving).toBe(false);
  await run(3);
  expect(player.isMoving).toBe(true);
  expect(offMs()).toBeLessThan(5);
  expect(states.at(-1)).toBe('PLAYING');
});

test('learns how long its player takes to start, and is in step at the second start', async () => {
  open({ playLatencyMs: 220 });
  await playing();
  follow({ status: 'PAUSED', positionMs: roomMs() + 200, effectiveAt: at(200) });
  await run(1_000);
  follow({ status: 'PLAYING', effectiveAt: at(600) });
  await run(650);
  expect(offMs()).toBeLessThan(5);
});

test('stops at the instant of a pause that is still ahead, not when it hears of it', async () => {
  open();
  await playing();
  const positionMs = roomMs() + 300;
  follow({ status: 'PAUSED', positionMs, effectiveAt: at(300) });
  await run(290);
  expect(player.isMoving).toBe(true);
  await run(20);
  expect(player.isMoving).toBe(false);
  expect(Math.abs(player.truePositionMs - positionMs)).toBeLessThan(10);
  expect(player.seekCount).toBe(0);
});

test('a seek lands where the room will be, and the start waits for the room: inexact seeks cost nothing', async () => {
  open({ landingErrorMs: 25, variation: 0.2 });
  await playing();
  follow({ positionMs: 600_000, effectiveAt: at(1_000), status: 'PLAYING' });
  await run(4_000);
  expect(player.seekCount).toBe(1);
  expect(player.isMoving).toBe(true);
  expect(offMs()).toBeLessThan(45);
});

test('a waiting room: seeks, stands, says READY, and starts when told', async () => {
  open();
  await playing();
  states.length = 0;
  follow({ status: 'WAITING', positionMs: 300_000, effectiveAt: time.now(), waitingFor: ['me'] });
  await run(2_000);
  expect(states).toEqual(['BUFFERING', 'READY']);
  expect(player.truePositionMs).toBe(300_000);
  follow({ status: 'PLAYING', effectiveAt: at(400), waitingFor: [] });
  await run(600);
  expect(states.at(-1)).toBe('PLAYING');
  expect(offMs()).toBeLessThan(10);
});

test('who hears of a start too late seeks ahead instead of running after the room', async () => {
  open();
  follow({ positionMs: 60_000 });
  await run(3_000);
  follow({ status: 'PLAYING', effectiveAt: at(-5_000) });
  await run(2_000);
  expect(player.seekCount).toBe(1);
  expect(player.isMoving).toBe(true);
  expect(offMs()).toBeLessThan(30);
});

test('after a short stall it plays a little faster, after a long one it seeks once; both end in step', async () => {
  open();
  await playing();
  player.stall(300);
  expect(states.at(-1)).toBe('BUFFERING');
  await run(1_000);
  expect(player.rate).toBeCloseTo(1.05, 2);
  await run(12_000);
  expect(offMs()).toBeLessThan(25);
  expect(player.rate).toBe(1);
  expect(player.seekCount).toBe(0);
  player.stall(5_000);
  await run(8_000);
  expect(player.seekCount).toBe(1);
  expect(offMs()).toBeLessThan(30);
});

test('one who stalls is not ready before it has data again', async () => {
  open();
  await playing();
  player.stall(4_000);
  follow({ status: 'WAITING', positionMs: roomMs(), effectiveAt: time.now(), waitingFor: ['me'] });
  await run(3_500);
  expect(states.at(-1)).toBe('BUFFERING');
  await run(1_000);
  expect(states.at(-1)).toBe('READY');
});

test('the platform’s advertisement is left alone; afterwards the player catches up', async () => {
  open();
  follower.stop();
  const listeners: ((event: PlayerEvent) => void)[] = [];
  const told: string[] = [];
  const adPlayer = {
    durationMs: null,
    get positionMs() {
      return 60_000 + Math.min(1_000, time.now() - T0); // until the advertisement
    },
    load: () => void told.push('load'),
    play: () => void told.push('play'),
    pause: () => void told.push('pause'),
    seek: () => void told.push('seek'),
    setPlaybackRate: () => void told.push('rate'),
    listen: (listener: (event: PlayerEvent) => void) => {
      listeners.push(listener);
      return () => undefined;
    },
  };
  follower = new PlaybackFollower({ player: adPlayer, timers: time, serverNow: () => time.now() });
  const tell = (event: PlayerEvent): void => listeners[0]?.(event);
  follow({ status: 'PLAYING', positionMs: 60_000, effectiveAt: time.now() });
  tell('canplay');
  tell('playing');
  await run(1_000);
  tell('adstart');
  told.length = 0;
  expect(follower.state).toBe('AD');
  await run(30_000);
  follow({ positionMs: 90_000 });
  await run(5_000);
  expect(told).toEqual([]);
  tell('adend');
  expect(told).toContain('seek');
});

test('what its user does on the player itself becomes a command; what the library caused does not', async () => {
  open();
  await playing();
  expect(actions).toEqual([]);
  await run(5_000);
  player.pause();
  await run(10);
  expect(actions).toEqual([{ kind: 'pause' }]);
  await run(1_000);
  expect(player.isPaused).toBe(true); // not started again while the room has not answered
  follow({ status: 'PAUSED', positionMs: player.truePositionMs, effectiveAt: time.now() });
  await run(5_000);
  player.play();
  await run(500);
  expect(actions.at(-1)).toEqual({ kind: 'play' });
  follow({ status: 'PLAYING', effectiveAt: at(300) });
  await run(8_000);
  player.seek(900_000);
  await run(1_000);
  expect(actions.at(-1)).toMatchObject({ kind: 'seek' });
});

test('a user’s pause that the room refuses is undone after two seconds', async () => {
  open();
  await playing();
  await run(3_000);
  player.pause();
  await run(5_000);
  expect(actions).toEqual([{ kind: 'pause' }]);
  expect(player.isMoving).toBe(true);
  expect(offMs()).toBeLessThan(60);
});

test('does nothing before the server’s time is known; an older timeline changes nothing', async () => {
  open();
  serverKnown = false;
  follow({ status: 'PLAYING', positionMs: 1_000 });
  await run(3_000);
  expect(player.isMoving).toBe(false);
  serverKnown = true;
  follower.align();
  await run(4_000);
  expect(player.isMoving).toBe(true);
  const current = follower.timeline;
  follower.follow({ ...(current as Timeline), revision: 0, status: 'PAUSED' });
  expect(follower.timeline).toBe(current);
});

test('a place beyond the end of this player’s own cut is its end, asked for once', async () => {
  open();
  follow({ positionMs: player.durationMs + 60_000, status: 'ENDED' });
  await run(10_000);
  expect(Math.abs(player.truePositionMs - player.durationMs)).toBeLessThanOrEqual(250);
  expect(follower.seekCount).toBeLessThanOrEqual(1);
});
