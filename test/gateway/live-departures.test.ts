/** Who left a stream: which of them is told, and that it arrives where it is meant for. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { InProcessDataSource } from '../../gateway/data-sources.ts';
import { Departures, readDepartureTopics } from '../../gateway/live-departures.ts';
import { LiveHub } from '../../gateway/live-hub.ts';
import { readSupergraph } from '../../gateway/supergraph.ts';
import { ROOM_DEPARTURES } from '../../schema/events/topics.ts';
import { openRooms, type RoomsUnderTest, roomWith, user } from '../subgraphs/room/rooms.ts';
import { eventually } from '../support/eventually.ts';

const SDL = readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8');
let rooms: RoomsUnderTest;
beforeEach(async () => {
  rooms = await openRooms();
});
afterEach(() => rooms.close());

async function told(): Promise<{ key: string | null; userId: string }[]> {
  const found: { key: string | null; userId: string }[] = [];
  for (let partition = 0; partition < ROOM_DEPARTURES.partitions; partition += 1) {
    for await (const { key, value } of rooms.ports.log.read({
      topic: ROOM_DEPARTURES.name,
      partition,
      fromOffset: 0,
    })) {
      found.push({ key, userId: JSON.parse(String(value)).userId });
    }
  }
  return found;
}

test('the supergraph says which streams are told of, and where', () => {
  expect([...readDepartureTopics(SDL)]).toEqual([['roomEvents', ROOM_DEPARTURES.name]]);
});

test('only who is not back by then is told; a process that stops tells nothing', async () => {
  const back = new Set(['ann']);
  const isThere = (_field: string, _key: string | null, userId: string) => back.has(userId);
  const { log, logger } = rooms.ports;
  const departures = new Departures(log, logger, isThere, 1);
  const stream = { topic: ROOM_DEPARTURES.name, fieldName: 'roomEvents', key: 'r1' };
  for (const userId of ['ann', 'bob']) departures.note({ ...stream, userId });
  await eventually(async () => (await told()).length > 0);
  const stopped = new Departures(log, logger, isThere, 1);
  stopped.note({ ...stream, userId: 'cleo' });
  stopped.close();
  departures.note({ ...stream, userId: 'dave' });
  await eventually(async () => (await told()).length > 1);
  expect(await told()).toEqual([
    { key: 'r1', userId: 'bob' },
    { key: 'r1', userId: 'dave' },
  ]);
});

test('a member whose last stream has ended is DISCONNECTED in the room; one with another stream, or who was refused, is not', async () => {
  const { ports, subgraph } = rooms;
  const { id } = await roomWith(rooms, 'u2', 'u3');
  for (const userId of ['u2', 'u3']) {
    const report = { roomId: id, playbackRevision: 1, state: 'READY', positionMs: 0, at: 0, oneWayMs: 20 } as const;
    await rooms.as(userId).rooms.reportPlayback(user(userId), report);
  }
  const sources = { room: new InProcessDataSource(subgraph, ports.logger) };
  const hub = new LiveHub(readSupergraph(SDL), ports.log, sources, ports.logger);
  const source = `subscription { roomEvents(roomId: "${id}") { revision } }`;
  const follow = (userId: string) =>
    hub.subscribe({ source, document: parse(source), variables: {}, identity: user(userId) });
  try {
    const [first, second, other] = [await follow('u2'), await follow('u3'), await follow('u3')];
    await expect(follow('outsider')).rejects.toThrow();
    await first.return(undefined);
    await second.return(undefined);
    await eventually(async () => (await told()).length > 0);
    expect(await told()).toEqual([{ key: id, userId: 'u2' }]);
    await eventually(async () => {
      const presences = (await rooms.as('u1').reader.findPresence([id])).get(id) ?? [];
      const states = Object.fromEntries(presences.map(({ userId, state }) => [userId, state]));
      expect(states).toEqual({ u2: 'DISCONNECTED', u3: 'READY' });
      return true;
    });
    await other.return(undefined);
  } finally {
    await hub.close();
  }
});
