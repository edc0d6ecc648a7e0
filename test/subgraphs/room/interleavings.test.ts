/**
 * 1,000 rounds of commands that conflict, through three processes' services over one store and log, in orders that a seeded
 * scheduler chooses at every access to the store. However they interleave, every replica must end with the same room.
 */
import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { Collection, Store, StoredDocument } from '../../../platform/ports/store.ts';
import type { Ports } from '../../../platform/subgraph.ts';
import type { RoomEvent } from '../../../schema/events/room.ts';
import { SOCIAL_ROOMS } from '../../../schema/events/topics.ts';
import { applyEvent } from '../../../subgraphs/room/domain/fold.ts';
import type { Room } from '../../../subgraphs/room/domain/room.ts';
import type { CommandResult } from '../../../subgraphs/room/room-commands.ts';
import { createRoomSubgraph } from '../../../subgraphs/room/subgraph.ts';
import { eventually } from '../../support/eventually.ts';
import { contextOf, fresh, HARDLY_LIMITED, openRooms, type RoomsUnderTest, roomWith, user } from './rooms.ts';

const ROOMS = 40;
const ROUNDS_PER_ROOM = 25;
const MEMBERS = ['u1', 'u2', 'u3'];

/** Numbers in [0, 1) that follow from the seed: mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, canonical(each)] as const);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
};
const stateOf = (room: Room | null | undefined) => ({
  revision: room?.revision,
  hash: createHash('sha256')
    .update(JSON.stringify(canonical(room)))
    .digest('hex'),
});

/** Up to two turns of the event loop before each access to the store, as `random` says. */
const jittered = (store: Store, random: () => number): Store => ({
  ping: () => store.ping(),
  close: () => store.close(),
  collection: <T extends StoredDocument>(name: string): Collection<T> =>
    new Proxy(store.collection<T>(name), {
      get(target, property: keyof Collection<T>) {
        const method = target[property].bind(target) as (...args: unknown[]) => unknown;
        if (property === 'find') return method;
        return async (...args: unknown[]) => {
          for (let turns = Math.floor(random() * 3); turns > 0; turns -= 1) await turn();
          return method(...args);
        };
      },
    }),
});

let random = seeded(0);
const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;

/** One of the things that members do at the same time, by anybody, on a state that may be old. */
function randomCommand(
  room: Room,
): (service: ReturnType<typeof contextOf>['rooms'], userId: string) => Promise<CommandResult> {
  const command = { roomId: room.id, commandId: fresh(), expectedRevision: pick([null, room.playback.revision, 1]) };
  const target = pick(MEMBERS);
  const positionMs = Math.floor(random() * 1e6);
  const force = random() < 0.3;
  const queue = { ...command, itemId: room.queue[0]?.id ?? 'q1', contentId: pick(['m1', 'm2']), toIndex: null };
  const role = pick(['MODERATOR', 'CONTROLLER'] as const);
  const kind = pick([
    'play',
    'play',
    'pause',
    'pause',
    'seek',
    'seek',
    'jump',
    'rate',
    'content',
    'queue',
    'say',
    'role',
  ]);
  return (service, userId) => {
    const who = user(userId);
    switch (kind) {
      case 'play':
        return service.play(who, command);
      case 'pause':
        return service.pause(who, command);
      case 'seek':
        return service.seek(who, { ...command, positionMs, deltaMs: null, force });
      case 'jump':
        return service.seek(who, { ...command, positionMs: null, deltaMs: 10_000, force: false });
      case 'rate':
        return service.setPlaybackRate(who, { ...command, rate: positionMs % 2 === 0 ? 1 : 1.5 });
      case 'content':
        return service.setContent(who, { ...command, contentId: queue.contentId, positionMs: null, force });
      case 'queue':
        return service.updateQueue(who, { ...queue, action: force ? 'NEXT' : 'ADD' });
      case 'role':
        return service.moderate(who, { ...command, action: 'SET_ROLE', userId: target, role });
      default:
        return service.sendMessage(who, { ...command, text: `at ${positionMs}` });
    }
  };
}

const reportOf = (room: Room, at: number) => ({
  roomId: room.id,
  playbackRevision: pick([room.playback.revision, room.playback.revision, 1]),
  state: pick(['PLAYING', 'READY', 'BUFFERING', 'AD'] as const),
  positionMs: 0,
  at,
  oneWayMs: Math.floor(random() * 200),
});

test(`${ROOMS * ROUNDS_PER_ROOM} interleavings of conflicting commands: one revision, one state, for everyone`, async () => {
  const jitter = (ports: Ports): Ports => ({ ...ports, store: jittered(ports.store, () => random()) });
  const rooms: RoomsUnderTest = await openRooms(jitter);
  const processes = [0, 1, 2].map(() => createRoomSubgraph(jitter(rooms.ports), HARDLY_LIMITED));
  const heard = new Map<string, Map<number, RoomEvent>>();
  const tail = await rooms.ports.log.tail({ topic: SOCIAL_ROOMS.name, from: 'start' }, ({ key, value }) => {
    const event = JSON.parse(String(value)) as RoomEvent;
    const events = heard.get(key ?? '') ?? new Map<number, RoomEvent>();
    heard.set(key ?? '', events.set(event.revision, event));
  });
  const outcomes = new Map<string, number>();

  async function round(seed: number, roomId: string, before: Room): Promise<Room> {
    random = seeded(seed);
    rooms.ports.clock.advance(Math.floor(random() * 3_000));
    const sent = Array.from({ length: 5 }, () => ({ userId: pick(MEMBERS), send: randomCommand(before) }));
    const first = sent[0] as (typeof sent)[number];
    sent.push(first); // once more, through another process perhaps
    const reports = MEMBERS.map((userId) =>
      contextOf(pick(processes), user(userId)).rooms.reportPlayback(
        user(userId),
        reportOf(before, rooms.ports.clock.now()),
      ),
    );
    const answers = await Promise.all(
      sent.map(({ userId, send }) => send(contextOf(pick(processes), user(userId)).rooms, userId)),
    );
    await Promise.all(reports);
    for (const { outcome } of answers) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    const applied = answers.flatMap(({ outcome, revision }) => (outcome === 'APPLIED' ? [revision] : []));
    expect({ seed, applied: new Set(applied).size }).toEqual({ seed, applied: applied.length });

    const saved = (await rooms.saved.findOne({ _id: roomId }))?.room as Room;
    const state = { seed, ...stateOf(saved) };
    expect(saved.revision).toBeGreaterThanOrEqual(before.revision + applied.length);
    // A client that resumes from where it was, one that has followed the topic since the beginning, and the stored events.
    const [identity, { reader }] = [user('u2'), contextOf(pick(processes), user('u2'))];
    const missed = await reader.eventsSince(identity, roomId, before.revision);
    expect({ seed, ...stateOf(missed.reduce((room: Room, event) => applyEvent(room, event), before)) }).toEqual(state);
    const topic = await eventually(() => (heard.get(roomId)?.size ?? 0) >= saved.revision && heard.get(roomId));
    const followed = [...(topic as Map<number, RoomEvent>).values()].toSorted((a, b) => a.revision - b.revision);
    expect({ seed, ...stateOf(followed.reduce(applyEvent, null as Room | null)) }).toEqual(state);
    return saved;
  }

  try {
    for (let index = 0; index < ROOMS; index += 1) {
      let room = await roomWith(rooms, 'u2', 'u3');
      for (let each = 0; each < ROUNDS_PER_ROOM; each += 1) {
        room = await round(index * ROUNDS_PER_ROOM + each + 1, room.id, room);
      }
    }
    await eventually(async () => (await rooms.events.countDocuments({ outboxAt: { $exists: true } })) === 0);
    // The rounds were about conflicts, not about commands that never met.
    for (const outcome of ['APPLIED', 'NOOP', 'DUPLICATE', 'CONFLICT', 'FORBIDDEN']) {
      expect([outcome, (outcomes.get(outcome) ?? 0) > 50]).toEqual([outcome, true]);
    }
  } finally {
    await tail.close();
    await rooms.close();
  }
}, 180_000);
