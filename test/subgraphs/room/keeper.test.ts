/** What becomes of rooms in the long run; the clock stands until a test moves it. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { PresenceBoard } from '../../../subgraphs/room/presence-board.ts';
import { RoomCommands } from '../../../subgraphs/room/room-commands.ts';
import { RoomDirectory } from '../../../subgraphs/room/room-directory.ts';
import { RoomJournal } from '../../../subgraphs/room/room-journal.ts';
import { RoomKeeper } from '../../../subgraphs/room/room-keeper.ts';
import { RoomLimiters } from '../../../subgraphs/room/room-limits.ts';
import { RoomStates } from '../../../subgraphs/room/room-states.ts';
import { fresh, HARDLY_LIMITED, openRooms, type RoomsUnderTest, roomWith, user } from './rooms.ts';

const DAY_MS = 86_400_000;
let rooms: RoomsUnderTest;
let keeper: RoomKeeper;
beforeEach(async () => {
  rooms = await openRooms();
  const { ports } = rooms;
  const states = new RoomStates(ports);
  const [journal, directory, presence] = [
    new RoomJournal(states, ports),
    new RoomDirectory(ports.store),
    new PresenceBoard(ports),
  ];
  const commands = new RoomCommands(journal, directory, presence, new RoomLimiters(HARDLY_LIMITED), ports);
  keeper = new RoomKeeper({ states, journal, directory, presence, commands }, ports);
});
afterEach(() => rooms.close());

const say = (roomId: string, text = 'hello') =>
  rooms.as('u1').rooms.sendMessage(user('u1'), { roomId, commandId: fresh(), text });
const sweepAfter = async (ms: number): Promise<void> => {
  rooms.ports.clock.advance(ms);
  await keeper.sweep();
};
const report = (userId: string, roomId: string) =>
  rooms.as(userId).rooms.reportPlayback(user(userId), {
    roomId,
    playbackRevision: 1,
    state: 'READY',
    positionMs: 0,
    at: rooms.ports.clock.now(),
    oneWayMs: 20,
  });

test('who never reported is gone after a day, also where others are still there; they stay', async () => {
  const { id } = await roomWith(rooms, 'u2', 'u3');
  rooms.ports.clock.advance(DAY_MS - 1_000);
  await report('u1', id);
  await sweepAfter(1_000);
  const members = (await rooms.saved.findOne({ _id: id }))?.room.members.map(({ userId }) => userId);
  expect(members).toEqual(['u1']);
});

test('a room that was empty for a day is removed whole, and its code opens nothing', async () => {
  const { id, code } = await roomWith(rooms, 'u2');
  for (const userId of ['u1', 'u2']) await rooms.as(userId).rooms.leave(user(userId), id);
  await sweepAfter(DAY_MS - 1);
  expect(await rooms.saved.findOne({ _id: id })).not.toBeNull();
  await sweepAfter(1);
  expect(await rooms.saved.findOne({ _id: id })).toBeNull();
  for (const name of ['room_events', 'room_presence', 'room_members']) {
    expect(
      await rooms.ports.store.collection<{ _id: string; roomId: string }>(name).countDocuments({ roomId: id }),
    ).toBe(0);
  }
  const joined = await rooms.as('u3').rooms.join(user('u3'), { code, displayName: null });
  expect(joined.outcome).toBe('FORBIDDEN');
  expect(await rooms.as('u1').reader.findRoomIds(['u1', 'u2'])).toEqual(
    new Map([
      ['u1', []],
      ['u2', []],
    ]),
  );
});

test('who comes back within the day keeps the room', async () => {
  const { id, code } = await roomWith(rooms);
  await rooms.as('u1').rooms.leave(user('u1'), id);
  rooms.ports.clock.advance(DAY_MS - 1_000);
  expect((await rooms.as('u2').rooms.join(user('u2'), { code, displayName: null })).outcome).toBe('APPLIED');
  await sweepAfter(1_000);
  expect((await rooms.saved.findOne({ _id: id }))?.room.members).toMatchObject([{ userId: 'u2', role: 'OWNER' }]);
});

test('of old events the last 1,000 stay; a reader of before them gets a snapshot, one after them the events', async () => {
  const { id } = await roomWith(rooms);
  for (let n = 0; n < 1_100; n += 1) await say(id);
  rooms.ports.clock.advance(DAY_MS);
  await report('u1', id);
  await say(id, 'today');
  const { revision } = (await rooms.saved.findOne({ _id: id })) ?? { revision: 0 };
  await sweepAfter(1);
  expect(await rooms.events.countDocuments({ roomId: id })).toBe(1_000);
  const { reader } = rooms.as('u1');
  expect(await reader.eventsSince(user('u1'), id, 50)).toMatchObject([{ type: 'room.snapshot.taken', revision }]);
  expect(await reader.eventsSince(user('u1'), id, revision - 1)).toMatchObject([{ type: 'room.message.posted' }]);
  expect(await say(id, 'goes on')).toMatchObject({ outcome: 'APPLIED', revision: revision + 1 });
});

test('a state of an older fold whose first events are gone is taken as it was saved', async () => {
  const { id } = await roomWith(rooms, 'u2');
  await rooms.events.deleteMany({ roomId: id, revision: 1 });
  await rooms.saved.updateOne({ _id: id }, { $set: { foldVersion: 0 } });
  const journal = new RoomJournal(new RoomStates(rooms.ports), rooms.ports);
  expect((await journal.load(id))?.members.map(({ userId }) => userId)).toEqual(['u1', 'u2']);
});

test('a process that knows only an old state goes on from the saved one, where the events between are gone', async () => {
  const { id } = await roomWith(rooms);
  const other = new RoomJournal(new RoomStates(rooms.ports), rooms.ports);
  expect((await other.load(id))?.revision).toBe(1);
  for (let n = 0; n < 5; n += 1) await say(id);
  await rooms.events.deleteMany({ roomId: id, revision: { $lte: 4 } });
  expect((await other.load(id))?.revision).toBe(6);
});
