import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { EventLog } from '../../../platform/ports/event-log.ts';
import { AppError } from '../../../schema/errors.ts';
import { createRoomSubgraph } from '../../../subgraphs/room/subgraph.ts';
import { eventually } from '../../support/eventually.ts';
import {
  contextOf,
  firstAppearances,
  fold,
  fresh,
  HARDLY_LIMITED,
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

const say = (userId: string, roomId: string, text: string, commandId = fresh()) =>
  rooms.as(userId).rooms.sendMessage(user(userId), { roomId, commandId, text });

describe('a command that comes twice', () => {
  test('answers DUPLICATE with the first one’s revision', async () => {
    const { id: roomId } = await roomWith(rooms, 'u2');
    const first = await say('u1', roomId, 'hello', 'same');
    await say('u2', roomId, 'between');
    expect(first).toMatchObject({ outcome: 'APPLIED', revision: 3 });
    expect(await say('u1', roomId, 'hello', 'same')).toMatchObject({ outcome: 'DUPLICATE', revision: 3 });
    expect(await say('u2', roomId, 'mine', 'same')).toMatchObject({ outcome: 'APPLIED', revision: 5 });
  });

  test('counts once when both race, in one process and in two', async () => {
    const { id: roomId } = await roomWith(rooms);
    const other = createRoomSubgraph(rooms.ports, HARDLY_LIMITED);
    const here = Array.from({ length: 5 }, () => say('u1', roomId, 'once', 'raced'));
    const there = Array.from({ length: 5 }, () =>
      contextOf(other, user('u1')).rooms.sendMessage(user('u1'), { roomId, commandId: 'raced', text: 'once' }),
    );
    const answers = await Promise.all([...here, ...there]);
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['APPLIED', ...Array(9).fill('DUPLICATE')]);
    expect(new Set(answers.map(({ revision }) => revision))).toEqual(new Set([2]));
    expect(await rooms.events.countDocuments({ roomId, type: 'room.message.posted' })).toBe(1);
  });

  test('makes one room, also when both race', async () => {
    const input = {
      commandId: 'new',
      name: 'R',
      contentId: null,
      controlPolicy: null,
      waitPolicy: null,
      displayName: null,
    };
    const answers = await Promise.all([1, 2, 3].map(() => rooms.as('u1').rooms.create(user('u1'), input)));
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['APPLIED', 'DUPLICATE', 'DUPLICATE']);
    expect(new Set(answers.map((answer) => roomOf(answer).id)).size).toBe(1);
    expect(await rooms.saved.countDocuments({})).toBe(1);
    const somebodyElse = await rooms.as('u2').rooms.create(user('u2'), input);
    expect(somebodyElse.outcome).toBe('APPLIED');
  });
});

test('100 concurrent commands by 5 members through 3 processes leave no hole and one state', async () => {
  const members = ['u1', 'u2', 'u3', 'u4', 'u5'];
  const { id: roomId } = await roomWith(rooms, ...members.slice(1));
  const processes = [
    rooms.subgraph,
    createRoomSubgraph(rooms.ports, HARDLY_LIMITED),
    createRoomSubgraph(rooms.ports, HARDLY_LIMITED),
  ];
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) => {
      const identity = user(members[index % 5]!);
      const { rooms: service } = contextOf(processes[index % 3]!, identity);
      const command = { roomId, commandId: fresh(), expectedRevision: null };
      switch (index % 4) {
        case 0:
          return service.seek(identity, { ...command, positionMs: index * 1_000, deltaMs: null, force: true });
        case 1:
          return service.sendMessage(identity, { ...command, text: `message ${index}` });
        case 2:
          return service.play(identity, command);
        default:
          return service.pause(identity, command);
      }
    }),
  );
  const applied = answers.flatMap(({ outcome, revision }) => (outcome === 'APPLIED' ? [revision] : []));
  expect(applied.length).toBeGreaterThanOrEqual(50);
  const revisions = Array.from({ length: 5 + applied.length }, (_, index) => index + 1);
  expect(applied.toSorted((a, b) => a - b)).toEqual(revisions.slice(5));

  const events = await published(rooms.ports, roomId);
  expect(firstAppearances(events)).toEqual(revisions);
  const distinct = revisions.map((revision) => events.find((event) => event.revision === revision)!);
  const saved = await rooms.saved.findOne({ _id: roomId });
  expect(saved?.room).toEqual(fold(distinct));
  await eventually(async () => (await rooms.events.countDocuments({ outboxAt: { $exists: true } })) === 0);
});

describe('after a crash', () => {
  /** Undoes what follows the append, as if the process had died there. */
  async function dieAfterAppend(roomId: string, revision: number): Promise<void> {
    const before = fold((await published(rooms.ports, roomId)).filter((event) => event.revision < revision));
    await rooms.saved.updateOne({ _id: roomId }, { $set: { revision: revision - 1, room: before! } });
    await rooms.events.insertOne({
      _id: `${roomId}:${revision}`,
      roomId,
      revision,
      type: 'room.message.posted',
      actorId: 'u1',
      commandId: 'lost',
      at: rooms.ports.clock.now(),
      data: { text: 'not answered' },
      outboxAt: rooms.ports.clock.now(),
    });
  }

  test('the next start saves and publishes what was stored', async () => {
    const { id: roomId } = await roomWith(rooms, 'u2');
    await dieAfterAppend(roomId, 3);
    expect(firstAppearances(await published(rooms.ports, roomId))).toEqual([1, 2]);
    await rooms.subgraph.stop();
    await rooms.subgraph.start();
    expect(firstAppearances(await published(rooms.ports, roomId))).toEqual([1, 2, 3]);
    expect((await rooms.saved.findOne({ _id: roomId }))?.revision).toBe(3);
  });

  test('a repeat of the command finds it done, saved and published', async () => {
    const { id: roomId } = await roomWith(rooms);
    await dieAfterAppend(roomId, 2);
    expect(await say('u1', roomId, 'not answered', 'lost')).toMatchObject({ outcome: 'DUPLICATE', revision: 2 });
    expect(firstAppearances(await published(rooms.ports, roomId))).toEqual([1, 2]);
    expect((await rooms.saved.findOne({ _id: roomId }))?.revision).toBe(2);
  });

  test('the next command goes on from it, and publishes it first', async () => {
    const { id: roomId } = await roomWith(rooms);
    await dieAfterAppend(roomId, 2);
    expect(await say('u1', roomId, 'next')).toMatchObject({ outcome: 'APPLIED', revision: 3 });
    expect((await published(rooms.ports, roomId)).map(({ revision }) => revision)).toEqual([1, 2, 3]);
  });

  test('a room whose state was never saved is rebuilt from its events', async () => {
    const { id: roomId } = await roomWith(rooms, 'u2', 'u3');
    const whole = (await rooms.saved.findOne({ _id: roomId }))?.room;
    await rooms.saved.deleteOne({ _id: roomId });
    expect(await say('u2', roomId, 'still here')).toMatchObject({ outcome: 'APPLIED', revision: 4 });
    expect((await rooms.saved.findOne({ _id: roomId }))?.room).toEqual({ ...whole, revision: 4 });
  });

  test('a damaged room does not keep others from being healed', async () => {
    const { id: broken } = await roomWith(rooms);
    const { id: whole } = await roomWith(rooms);
    await dieAfterAppend(broken, 2);
    await rooms.events.updateOne({ _id: `${broken}:2` }, { $set: { _id: `${broken}:2`, revision: 9 } });
    await dieAfterAppend(whole, 2);
    await rooms.subgraph.stop();
    await rooms.subgraph.start();
    expect(firstAppearances(await published(rooms.ports, whole))).toEqual([1, 2]);
  });
});

test('a command is applied while the log is away, and published when it is back', async () => {
  await rooms.close();
  let away = false;
  rooms = await openRooms((ports) => ({
    ...ports,
    log: new Proxy(ports.log, {
      get: (log: EventLog, name: keyof EventLog) =>
        name === 'publish' && away
          ? () => Promise.reject(new AppError('UNAVAILABLE', 'The log is away.'))
          : log[name].bind(log),
    }),
  }));
  const { id: roomId } = await roomWith(rooms);
  away = true;
  expect(await say('u1', roomId, 'kept')).toMatchObject({ outcome: 'APPLIED', revision: 2 });
  expect(firstAppearances(await published(rooms.ports, roomId))).toEqual([1]);
  away = false;
  rooms.ports.clock.advance(10_000);
  const all = await eventually(async () => {
    const revisions = firstAppearances(await published(rooms.ports, roomId));
    return revisions.length === 2 && revisions;
  });
  expect(all).toEqual([1, 2]);
});

test('a line that is too long is refused, and nothing of it is lost', async () => {
  const { id: roomId } = await roomWith(rooms);
  const answers = await Promise.allSettled(Array.from({ length: 600 }, (_, index) => say('u1', roomId, `m${index}`)));
  const refused = answers.filter(({ status }) => status === 'rejected');
  expect(refused.length).toBe(100);
  expect(refused[0]).toMatchObject({ reason: { code: 'TOO_MANY' } });
  expect((await rooms.saved.findOne({ _id: roomId }))?.revision).toBe(501);
});
