import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RoomEvent } from '../../../../schema/events/room.ts';
import { sendMessage } from '../../../../subgraphs/room/domain/chat.ts';
import { type Decision, noop } from '../../../../subgraphs/room/domain/decision.ts';
import { applyEvent } from '../../../../subgraphs/room/domain/fold.ts';
import { join, leave } from '../../../../subgraphs/room/domain/membership.ts';
import { type ModerationAction, moderate } from '../../../../subgraphs/room/domain/moderation.ts';
import { pause, play, seek, setContent, setPlaybackRate } from '../../../../subgraphs/room/domain/playback.ts';
import type { Presence } from '../../../../subgraphs/room/domain/presence.ts';
import { updateQueue } from '../../../../subgraphs/room/domain/queue.ts';
import type { Room } from '../../../../subgraphs/room/domain/room.ts';
import { tick } from '../../../../subgraphs/room/domain/tick.ts';
import { MAX_POSITION_MS, positionAt } from '../../../../subgraphs/room/domain/timeline.ts';
import { newRoom, T0 } from './build.ts';

type Rule = (room: Room, now: number, presences: readonly Presence[]) => Decision;

const who = fc.constantFrom('owner', 'a', 'b', 'c', 'd');
const saw = fc.option(fc.nat(30));
const maybePosition = fc.option(fc.oneof(fc.double(), fc.nat(100_000_000), fc.constantFrom(-1, 0, MAX_POSITION_MS)));
const item = fc.option(fc.nat(30).map((n) => `q${n}`));
const place = fc.option(fc.integer({ min: -1, max: 5 }));
const content = fc.constantFrom('m1', 'm2');
const delaysMs = [80];
/** What players reported: anything, long ago or just now. */
const reports = fc.array(
  fc.record({
    userId: who,
    state: fc.constantFrom('JOINING', 'READY', 'PLAYING', 'BUFFERING', 'AD', 'AWAY', 'DISCONNECTED'),
    agoMs: fc.oneof(fc.nat(5_000), fc.nat(200_000)),
    playbackRevision: fc.nat(60),
    stalledAgoMs: fc.option(fc.nat(10_000)),
    entitled: fc.boolean(),
    durationMs: fc.option(fc.integer({ min: 1, max: MAX_POSITION_MS })),
  }),
  { maxLength: 5 },
);
const MODERATION: ModerationAction[] = [
  'KICK',
  'BAN',
  'UNBAN',
  'MUTE',
  'UNMUTE',
  'SET_ROLE',
  'TRANSFER_OWNERSHIP',
  'LOCK',
  'UNLOCK',
  'ROTATE_CODE',
];
const roles = fc.option(fc.constantFrom('OWNER', 'MODERATOR', 'CONTROLLER', 'VIEWER'));

/** Any command of anybody, sensible or not. */
const rule: fc.Arbitrary<{ actorId: string; rule: Rule }> = who.chain((actorId) => {
  const rules: fc.Arbitrary<Rule>[] = [
    fc.constant<Rule>((room) => join(room, { actorId, code: room.code, displayName: actorId })),
    fc.constant<Rule>((room) => leave(room, actorId)),
    saw.map<Rule>(
      (expectedRevision) => (room, now, presences) =>
        play(room, { actorId, expectedRevision }, { now, delaysMs, presences }),
    ),
    saw.map<Rule>(
      (expectedRevision) => (room, now, presences) =>
        pause(room, { actorId, expectedRevision }, { now, delaysMs, presences }),
    ),
    fc.tuple(saw, maybePosition, maybePosition, fc.boolean()).map<Rule>(
      ([expectedRevision, positionMs, deltaMs, force]) =>
        (room, now, presences) =>
          seek(room, { actorId, expectedRevision, positionMs, deltaMs, force }, { now, delaysMs, presences }),
    ),
    fc
      .double()
      .map<Rule>(
        (rate) => (room, now, presences) =>
          setPlaybackRate(room, { actorId, expectedRevision: null, rate }, { now, delaysMs, presences }),
      ),
    fc.tuple(content, maybePosition).map<Rule>(
      ([contentId, positionMs]) =>
        (room, now, presences) =>
          setContent(
            room,
            { actorId, expectedRevision: null, contentId, positionMs, force: true },
            { now, delaysMs, presences },
          ),
    ),
    fc
      .tuple(
        fc.constantFrom('ADD' as const, 'REMOVE' as const, 'MOVE' as const, 'NEXT' as const, 'VOTE_SKIP' as const),
        fc.option(content),
        item,
        place,
      )
      .map<Rule>(
        ([action, contentId, itemId, toIndex]) =>
          (room, now, presences) =>
            updateQueue(room, { actorId, action, contentId, itemId, toIndex }, { now, delaysMs, presences }),
      ),
    fc.tuple(fc.constantFrom(...MODERATION), fc.option(who), roles).map<Rule>(
      ([action, userId, role]) =>
        (room, now) =>
          moderate(room, { actorId, action, userId, role, newCode: 'ZZZZZZZZ' }, { now, delaysMs }),
    ),
    fc.constant<Rule>((room, now, presences) => {
      const change = tick(room, { now, delaysMs, presences });
      return change === null ? noop('Nothing is due.') : { outcome: 'APPLIED', change };
    }),
    fc.string().map<Rule>((text) => (room) => sendMessage(room, { actorId, text })),
  ];
  return fc.oneof(...rules).map((one) => ({ actorId, rule: one }));
});

function checkInvariants(room: Room, now: number): void {
  expect(room.members.filter(({ role }) => role === 'OWNER')).toHaveLength(room.members.length === 0 ? 0 : 1);
  expect(new Set(room.members.map(({ userId }) => userId)).size).toBe(room.members.length);
  expect(room.members.some(({ userId }) => room.banned.includes(userId))).toBe(false);
  expect(new Set(room.queue.map(({ id }) => id)).size).toBe(room.queue.length);
  expect(room.playback.revision).toBeLessThanOrEqual(room.revision);
  expect(room.playback.rate).toBeGreaterThanOrEqual(0.25);
  const { status, waitingFor, waitUntil, effectiveAt } = room.playback;
  expect(waitUntil === null).toBe(status !== 'WAITING');
  expect(waitingFor.length > 0).toBe(status === 'WAITING');
  if (waitUntil !== null) expect(waitUntil - now).toBeLessThanOrEqual(12_000);
  expect(effectiveAt - now).toBeLessThanOrEqual(13_500);
  expect(room.loadRevision).toBeGreaterThanOrEqual(room.contentRevision);
  expect(room.waits.length).toBeLessThanOrEqual(3 * 5 * 2);
  for (const at of [room.playback.effectiveAt, now, now + 1e12]) {
    const positionMs = positionAt(room.playback, at);
    expect(positionMs >= 0 && positionMs <= MAX_POSITION_MS).toBe(true);
  }
}

test('any sequence of commands keeps a room whole, and its events alone rebuild it', () => {
  const steps = fc.array(fc.tuple(rule, fc.nat(100_000), reports), { maxLength: 60 });
  fc.assert(
    fc.property(steps, (commands) => {
      const first = newRoom(['a', 'b']);
      let room = first;
      let now = T0;
      const events: RoomEvent[] = [];
      for (const [{ actorId, rule }, waitMs, reported] of commands) {
        now += waitMs;
        const presences = reported.map(({ agoMs, stalledAgoMs, ...rest }) => ({
          ...rest,
          lastSeenAt: now - agoMs,
          oneWayMs: null,
          stalledAt: stalledAgoMs === null ? null : now - stalledAgoMs,
          awayAt: null,
          skewMs: null,
        }));
        let decision: Decision;
        try {
          decision = rule(room, now, presences);
        } catch (error) {
          // Only foreseen failures, which carry a code.
          expect(error).toHaveProperty('code');
          continue;
        }
        if (decision.outcome !== 'APPLIED') continue;
        const event = {
          roomId: 'r1',
          revision: room.revision + 1,
          actorId,
          commandId: null,
          at: now,
          ...decision.change,
        };
        events.push(event);
        room = applyEvent(room, event);
        checkInvariants(room, now);
      }
      const wire: RoomEvent[] = JSON.parse(JSON.stringify(events));
      expect(room.revision).toBe(first.revision + events.length);
      expect(wire.reduce((state, event) => applyEvent(state, event), first)).toEqual(room);
    }),
    { numRuns: 300 },
  );
});

test('a hole in the events is never folded over', () => {
  const room = newRoom();
  const gap: RoomEvent = {
    roomId: 'r1',
    revision: 3,
    type: 'room.message.posted',
    actorId: 'owner',
    commandId: null,
    at: T0,
    data: { text: 'x' },
  };
  expect(() => applyEvent(room, gap)).toThrow('revision 3 where 2 should be');
});
