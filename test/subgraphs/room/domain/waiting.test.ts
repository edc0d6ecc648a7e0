import { describe, expect, test } from '@jest/globals';
import type { PlaybackState } from '../../../../schema/events/room.ts';
import type { Decision, Moment } from '../../../../subgraphs/room/domain/decision.ts';
import { moderate } from '../../../../subgraphs/room/domain/moderation.ts';
import { pause, play, seek, setContent, setPlaybackRate } from '../../../../subgraphs/room/domain/playback.ts';
import type { Presence } from '../../../../subgraphs/room/domain/presence.ts';
import { updateQueue } from '../../../../subgraphs/room/domain/queue.ts';
import type { Room } from '../../../../subgraphs/room/domain/room.ts';
import { TICK_MS, tick } from '../../../../subgraphs/room/domain/tick.ts';
import { applied, after as changedBy, newRoom, T0 } from './build.ts';

const player = (userId: string, now: number, rest: Partial<Presence> = {}): Presence => ({
  userId,
  state: 'READY',
  lastSeenAt: now,
  oneWayMs: null,
  playbackRevision: 1_000,
  stalledAt: null,
  awayAt: null,
  entitled: true,
  durationMs: null,
  skewMs: null,
  ...rest,
});
const at = (now: number, ...presences: Presence[]): Moment => ({ now, delaysMs: [], presences });
const by = (actorId: string) => ({ actorId, expectedRevision: null });
const to = (positionMs: number) => ({ ...by('owner'), positionMs, deltaMs: null, force: false });
const playbackOf = (decision: Decision): PlaybackState => {
  if (decision.outcome !== 'APPLIED' || !('playback' in decision.change.data)) throw new Error(decision.outcome);
  return decision.change.data.playback;
};
/** The room after what is due, or the very same one. */
const ticked = (room: Room, moment: Parameters<typeof tick>[1]): Room => {
  const change = tick(room, moment);
  return change === null ? room : applied(room, null as never, { outcome: 'APPLIED', change }, moment.now);
};
const playing = (room: Room, now = T0): Room => applied(room, 'owner', play(room, by('owner'), at(now)), now);
const members = (count: number) => Array.from({ length: count - 1 }, (_, index) => `m${index}`);

describe('a start', () => {
  test('waits up to 12 s for new content, starts when the last is ready', () => {
    const room = newRoom(['a', 'b']);
    const loading = [
      player('owner', T0),
      player('a', T0, { state: 'JOINING' }),
      player('b', T0, { playbackRevision: 0 }),
    ];
    const waiting = applied(room, 'owner', play(room, by('owner'), at(T0, ...loading)));
    expect(waiting.playback).toMatchObject({ status: 'WAITING', waitingFor: ['a', 'b'], waitUntil: T0 + 12_000 });
    const now = T0 + 900;
    const oneReady = at(now, player('a', now), player('b', now, { playbackRevision: 0 }));
    expect(ticked(waiting, oneReady)).toBe(waiting);
    const started = ticked(
      waiting,
      at(now, player('a', now), player('b', now, { playbackRevision: waiting.revision })),
    );
    expect(started.playback).toMatchObject({
      status: 'PLAYING',
      positionMs: 0,
      effectiveAt: now + 500,
      waitingFor: [],
      waitUntil: null,
    });
  });

  test('waits for nobody who never reported, was silent for 12 s, is away, in an advertisement or without the platform', () => {
    const room = newRoom(['silent', 'old', 'away', 'gone', 'ad', 'without']);
    const presences = [
      player('old', T0 - 12_001, { state: 'JOINING' }),
      player('away', T0, { state: 'AWAY' }),
      player('gone', T0, { state: 'DISCONNECTED' }),
      player('ad', T0, { state: 'AD' }),
      player('without', T0, { state: 'JOINING', entitled: false }),
    ];
    expect(playbackOf(play(room, by('owner'), at(T0, ...presences)))).toMatchObject({ status: 'PLAYING' });
  });

  test('after the first start waits 4 s only', () => {
    const started = playing(newRoom(['a']));
    const room = applied(started, 'owner', pause(started, by('owner'), at(T0 + 5_000)), T0 + 5_000);
    const now = T0 + 9_000;
    const decision = play(room, by('owner'), at(now, player('a', now, { state: 'BUFFERING' })));
    expect(playbackOf(decision)).toMatchObject({ status: 'WAITING', waitUntil: now + 4_000 });
  });

  test('with what was loaded before a pause starts at once: a late report of the state before is ready too', () => {
    const started = playing(newRoom(['a']));
    const room = applied(started, 'owner', pause(started, by('owner'), at(T0 + 5_000)), T0 + 5_000);
    const now = T0 + 5_300;
    const before = player('a', now, { state: 'PLAYING', playbackRevision: started.revision });
    expect(playbackOf(play(room, by('owner'), at(now, before)))).toMatchObject({ status: 'PLAYING' });
  });
});

describe('a seek', () => {
  const room = playing(newRoom(['a', 'b']));
  const now = T0 + 10_000;
  const all = (rest: Partial<Presence> = {}) => ['owner', 'a', 'b'].map((id) => player(id, now, rest));

  test('waits up to 4 s for everyone who plays, at its place', () => {
    expect(playbackOf(seek(room, to(60_000), at(now, ...all({ state: 'PLAYING' }))))).toMatchObject({
      status: 'WAITING',
      positionMs: 60_000,
      effectiveAt: now,
      waitingFor: ['owner', 'a', 'b'],
      waitUntil: now + 4_000,
    });
  });

  test('a report about the timeline before the seek makes nobody ready', () => {
    const waiting = applied(room, 'owner', seek(room, to(60_000), at(now, ...all())), now);
    const stale = at(now + 100, ...all({ playbackRevision: waiting.revision - 1 }));
    expect(tick(waiting, stale)).toBeNull();
    expect(tick(waiting, at(now + 100, ...all({ playbackRevision: waiting.revision })))).not.toBeNull();
  });

  test('starts at waitUntil, to the ms, without who is not ready by then', () => {
    const waiting = applied(room, 'owner', seek(room, to(60_000), at(now, ...all())), now);
    const still = (ms: number) => at(now + ms, player('a', now + ms, { state: 'BUFFERING' }));
    const due = 4_000 - 500 - TICK_MS;
    expect(tick(waiting, still(due - 1))).toBeNull();
    const started = ticked(waiting, still(due));
    expect(started.playback).toMatchObject({ status: 'PLAYING', positionMs: 60_000, effectiveAt: now + 4_000 });
    const late = ticked(waiting, still(60_000)); // no process looked for a minute
    expect(late.playback).toMatchObject({ status: 'PLAYING', effectiveAt: now + 60_500 });
  });

  test('whom three starts could not wait for is not waited for by the fourth', () => {
    let current = room;
    const waited: boolean[] = [];
    for (let index = 0; index < 5; index += 1) {
      const then = now + index * 10_000;
      const presences = [player('a', then, { state: 'BUFFERING' })];
      current = applied(current, 'owner', seek(current, to(index), at(then, ...presences)), then);
      waited.push(current.playback.status === 'WAITING');
      current = ticked(
        current,
        at(then + 5_000, player('a', then + 5_000, { state: 'BUFFERING', playbackRevision: 0 })),
      );
    }
    expect(waited).toEqual([true, true, true, false, false]);
  });

  test.each([
    ['UP_TO_LIMIT', 8, 8],
    ['UP_TO_LIMIT', 9, 0],
    ['CONTROLLERS_ONLY', 100, 1],
    ['NEVER', 3, 0],
  ] as const)('with %s in a room of %i waits for %i', (waitPolicy, size, expected) => {
    const many = playing(newRoom(members(size), { waitPolicy }));
    const presences = many.members.map(({ userId }) => player(userId, now));
    const playback = playbackOf(seek(many, to(5_000), at(now, ...presences)));
    expect(playback.waitingFor).toHaveLength(expected);
    if (expected === 0) expect(playback).toMatchObject({ status: 'PLAYING', effectiveAt: now + 1_000 });
  });

  test('past the end that players tell is out of range, and a relative one stops there', () => {
    const told = at(now, player('a', now, { durationMs: 90_000 }), player('b', now, { durationMs: 95_000 }));
    expect(() => seek(room, to(95_001), told)).toThrow(expect.objectContaining({ code: 'POSITION_OUT_OF_RANGE' }));
    expect(playbackOf(seek(room, to(95_000), told)).positionMs).toBe(95_000);
    const far = { ...by('owner'), positionMs: null, deltaMs: 900_000, force: false };
    expect(playbackOf(seek(room, far, told)).positionMs).toBe(95_000);
    const otherContent = at(now, player('a', now, { durationMs: 90_000, playbackRevision: 0 }));
    expect(playbackOf(seek(room, to(95_001), otherContent)).positionMs).toBe(95_001);
  });
});

describe('while it waits', () => {
  const now = T0 + 10_000;
  const started = playing(newRoom(['a', 'b']));
  const room = applied(started, 'owner', seek(started, to(60_000), at(now, player('a', now))), now);
  const loading = (ms: number) => at(now + ms, player('a', now + ms, { state: 'BUFFERING', playbackRevision: 0 }));

  test('play is done already, pause wins', () => {
    expect(room.playback.waitingFor).toEqual(['a']);
    expect(play(room, by('b'), loading(100)).outcome).toBe('NOOP');
    const paused = applied(room, 'b', pause(room, by('b'), loading(100)), now + 100);
    expect(paused.playback).toMatchObject({ status: 'PAUSED', positionMs: 60_000, waitingFor: [], waitUntil: null });
    expect(tick(paused, loading(60_000))).toBeNull();
  });

  test('a new rate changes neither whom it waits for nor until when', () => {
    const faster = applied(room, 'b', setPlaybackRate(room, { ...by('b'), rate: 2 }, loading(100)), now + 100);
    expect(faster.playback).toMatchObject({ status: 'WAITING', rate: 2, waitingFor: ['a'], waitUntil: now + 4_000 });
    const ready = at(now + 200, player('a', now + 200, { playbackRevision: room.revision }));
    expect(ticked(faster, ready).playback).toMatchObject({ status: 'PLAYING', rate: 2 });
  });

  test('whoever leaves, falls silent, shows an advertisement or has no platform is waited for no longer', () => {
    const left = changedBy(room, 'a', { type: 'room.member.changed', data: { userId: 'a', change: 'LEFT' } });
    expect(tick(left, loading(100))?.type).toBe('room.playback.played');
    for (const rest of [
      { state: 'AD' },
      { state: 'AWAY' },
      { entitled: false },
      { lastSeenAt: now - 13_000 },
    ] as const) {
      expect(tick(room, at(now + 100, player('a', now + 100, rest)))?.type).toBe('room.playback.played');
    }
  });

  test('who joins changes nothing', () => {
    const joined = changedBy(room, 'c', {
      type: 'room.member.changed',
      data: { userId: 'c', change: 'JOINED', displayName: 'c', role: 'VIEWER' },
    });
    const ready = player('a', now + 200, { playbackRevision: room.revision });
    const started = ticked(
      joined,
      at(now + 200, ready, player('c', now + 200, { state: 'JOINING', playbackRevision: 0 })),
    );
    expect(started.playback.status).toBe('PLAYING');
  });
});

describe('a stall in mid play', () => {
  const room = playing(newRoom(['a', 'b']));
  const stall = T0 + 20_000;
  const stalled = (now: number, rest: Partial<Presence> = {}) =>
    player('a', now, { state: 'BUFFERING', stalledAt: stall, ...rest });

  test('is waited for after 2 s of grace, for 6 s at most, where the room is', () => {
    expect(tick(room, at(stall + 1_999, stalled(stall + 1_999)))).toBeNull();
    const now = stall + 2_000;
    const waiting = ticked(room, at(now, stalled(now)));
    expect(waiting.playback).toMatchObject({
      status: 'WAITING',
      waitingFor: ['a'],
      positionMs: now + 150 - (T0 + 500),
      effectiveAt: now + 150,
      waitUntil: now + 6_000,
    });
    expect(waiting.lastPause).toBeNull();
    const back = ticked(waiting, at(now + 1_000, player('a', now + 1_000, { playbackRevision: waiting.revision })));
    expect(back.playback).toMatchObject({ status: 'PLAYING', effectiveAt: now + 1_500 });
    const over = ticked(waiting, at(now + 5_500, stalled(now + 5_500)));
    expect(over.playback).toMatchObject({ status: 'PLAYING', effectiveAt: now + 6_000 });
    expect(tick(over, at(now + 9_000, stalled(now + 9_000)))).toBeNull(); // the same stall makes no second wait
  });

  test('of a joiner that has not played yet, of an older timeline, or before the start is no reason to wait', () => {
    const now = stall + 5_000;
    expect(tick(room, at(now, stalled(now, { stalledAt: null })))).toBeNull();
    expect(tick(room, at(now, stalled(now, { playbackRevision: 0 })))).toBeNull();
    expect(tick(room, at(now, stalled(now, { stalledAt: T0 + 499 })))).toBeNull();
  });

  test('makes a member be waited for three times in 10 min, then it catches up alone', () => {
    let current = room;
    const waits: boolean[] = [];
    const stallAt = (begin: number) => {
      const now = begin + 2_000;
      const next = ticked(current, at(now, player('a', now, { state: 'BUFFERING', stalledAt: begin })));
      waits.push(next !== current);
      current = ticked(next, at(now + 1_000, player('a', now + 1_000)));
    };
    for (const minute of [1, 2, 3, 4, 12]) stallAt(T0 + minute * 60_000);
    expect(waits).toEqual([true, true, true, false, true]);
  });

  test('in a crowd is nobody’s business but the member’s', () => {
    const crowd = playing(newRoom([...members(8), 'a']));
    expect(crowd.members).toHaveLength(9);
    expect(tick(crowd, at(stall + 2_500, stalled(stall + 2_500)))).toBeNull();
  });
});

test('the next of the queue waits for everyone to load it, 12 s at most', () => {
  const room = changedBy(playing(newRoom(['a'])), 'a', {
    type: 'room.queue.changed',
    data: { change: 'ADDED', itemId: 'q1', contentId: 'movie_2', toIndex: 0 },
  });
  const now = T0 + 5_000;
  const next = { actorId: 'owner', action: 'NEXT', contentId: null, itemId: null, toIndex: null } as const;
  // Of the old content a member says that it has it not; of the new one nobody has said anything yet.
  const all = at(now, player('a', now, { entitled: false, playbackRevision: room.revision }));
  expect(playbackOf(updateQueue(room, next, all))).toMatchObject({
    status: 'WAITING',
    contentId: 'movie_2',
    waitingFor: ['a'],
    waitUntil: now + 12_000,
  });
});

test('new content stands still, and its start waits 12 s again', () => {
  const room = playing(newRoom(['a']));
  const chosen = { ...by('owner'), contentId: 'movie_2', positionMs: null, force: false };
  const set = applied(room, 'owner', setContent(room, chosen, at(T0 + 5_000)), T0 + 5_000);
  const now = T0 + 6_000;
  const old = player('a', now, { state: 'PLAYING', playbackRevision: room.revision });
  expect(playbackOf(play(set, by('owner'), at(now, old)))).toMatchObject({
    waitingFor: ['a'],
    waitUntil: now + 12_000,
  });
});

describe('silence', () => {
  const seen = (userId: string, lastSeenAt = T0) => player(userId, lastSeenAt);
  const gone = (room: Room, moment: Parameters<typeof tick>[1]) => {
    const ids: string[] = [];
    for (let current = room; ; ) {
      const next = ticked(current, moment);
      if (next === current) return { ids, room: current };
      ids.push(
        ...current.members.map(({ userId }) => userId).filter((id) => !next.members.some((m) => m.userId === id)),
      );
      current = next;
    }
  };

  test('of 90 s ends a membership, of 120 s an ownership; who never reported stays', () => {
    const room = newRoom(['a', 'b', 'c']);
    const presences = [seen('owner'), seen('a'), seen('b', T0 + 80_000)];
    expect(gone(room, at(T0 + 89_999, ...presences)).ids).toEqual([]);
    const first = gone(room, at(T0 + 90_000, ...presences));
    expect(first.ids).toEqual(['a']);
    const second = gone(first.room, at(T0 + 120_000, ...presences));
    expect(second.ids).toEqual(['owner']);
    expect(second.room.members).toMatchObject([
      { userId: 'b', role: 'OWNER' },
      { userId: 'c', role: 'VIEWER' },
    ]);
  });

  test('gives the room to the longest-serving moderator, else controller, else member', () => {
    const roles = { b: 'CONTROLLER', c: 'MODERATOR', d: 'MODERATOR' } as const;
    let room = newRoom(['a', 'b', 'c', 'd']);
    for (const [userId, role] of Object.entries(roles)) {
      room = changedBy(room, 'owner', { type: 'room.member.changed', data: { userId, change: 'ROLE_CHANGED', role } });
    }
    const heirs: (string | undefined)[] = [];
    for (const leaver of ['owner', 'c', 'd', 'b', 'a']) {
      room = gone(room, at(T0 + 120_000, seen(leaver))).room;
      heirs.push(room.members.find(({ role }) => role === 'OWNER')?.userId);
    }
    expect(heirs).toEqual(['c', 'd', 'b', 'a', undefined]);
  });

  test('while no process listened, or before the member joined, is not the member’s', () => {
    const room = newRoom(['a']);
    const later = T0 + 500_000;
    expect(tick(room, { ...at(later, seen('owner'), seen('a')), listeningSince: later - 80_000 })).toBeNull();
    expect(tick(room, { ...at(later, seen('a')), listeningSince: later - 90_000 })).not.toBeNull();
    expect(tick(room, at(later, seen('a', T0 - 1)))).toBeNull(); // of an earlier membership
  });

  describe('a returned owner', () => {
    const transfer = {
      actorId: 'owner',
      action: 'TRANSFER_OWNERSHIP',
      userId: 'owner',
      role: null,
      newCode: null,
    } as const;
    const lost = gone(newRoom(['a', 'b']), at(T0 + 120_000, seen('owner'))).room;
    const rejoin = (room: Room) =>
      changedBy(room, 'owner', {
        type: 'room.member.changed',
        data: { userId: 'owner', change: 'JOINED', displayName: 'owner', role: 'VIEWER' },
      });
    const back = rejoin(lost);
    const until = T0 + 120_000 + 600_000;

    test('takes the room back within 10 min, once', () => {
      const owned = applied(back, 'owner', moderate(back, transfer, at(until)));
      expect(owned.members.map(({ userId, role }) => [userId, role])).toEqual([
        ['a', 'MODERATOR'],
        ['b', 'VIEWER'],
        ['owner', 'OWNER'],
      ]);
      expect(owned.lostOwner).toBeNull();
    });

    test('not later, not for somebody else, not after a kick, not after leaving by oneself', () => {
      expect(moderate(back, transfer, at(until + 1)).outcome).toBe('FORBIDDEN');
      expect(moderate(back, { ...transfer, actorId: 'b', userId: 'b' }, at(until)).outcome).toBe('FORBIDDEN');
      const kicked = changedBy(back, 'a', { type: 'room.member.changed', data: { userId: 'owner', change: 'KICKED' } });
      expect(moderate(rejoin(kicked), transfer, at(until)).outcome).toBe('FORBIDDEN');
      const went = { userId: 'owner', change: 'LEFT', newOwnerId: 'a' } as const;
      const left = changedBy(newRoom(['a']), 'owner', { type: 'room.member.changed', data: went });
      expect(moderate(rejoin(left), transfer, at(T0)).outcome).toBe('FORBIDDEN');
    });
  });
});
