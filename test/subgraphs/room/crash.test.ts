/** Real processes that die by SIGKILL, at every step of a command and at any moment: what was acknowledged is never lost. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { EmbeddedEventLog } from '../../../platform/adapters/embedded-event-log.ts';
import { EmbeddedStore } from '../../../platform/adapters/embedded-store.ts';
import { systemClock } from '../../../platform/ports/clock.ts';
import { ALL_TOPICS } from '../../../schema/events/topics.ts';
import { createRoomSubgraph } from '../../../subgraphs/room/subgraph.ts';
import { type StartedProcess, startProcess } from '../../support/processes.ts';
import {
  contextOf,
  firstAppearances,
  fold,
  HARDLY_LIMITED,
  published,
  roomOf,
  type StoredEvent,
  type StoredRoom,
  user,
} from './rooms.ts';

let directory: string;
let ports: Awaited<ReturnType<typeof openPorts>>;

async function openPorts() {
  const log = EmbeddedEventLog.open({ path: join(directory, 'events.db') });
  const store = EmbeddedStore.open({ path: join(directory, 'store.db') });
  await log.createTopics(ALL_TOPICS);
  return { log, store, clock: systemClock, logger: pino({ level: 'silent' }) };
}
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'firetv-crash-'));
  ports = await openPorts();
});
afterEach(async () => {
  await ports.log.close();
  await ports.store.close();
  await rm(directory, { recursive: true, force: true });
});

const ROOM = {
  name: 'R',
  contentId: null,
  controlPolicy: null,
  waitPolicy: null,
  displayName: null,
  commandId: 'room',
};

/** A room of u1 and u2, made by a process that has ended in peace. */
async function makeRoom(): Promise<string> {
  const subgraph = createRoomSubgraph(ports, HARDLY_LIMITED);
  await subgraph.start();
  const room = roomOf(await contextOf(subgraph, user('u1')).rooms.create(user('u1'), ROOM));
  await contextOf(subgraph, user('u2')).rooms.join(user('u2'), { code: room.code, displayName: null });
  await subgraph.stop();
  return room.id;
}

const startMortal = (roomId: string, userId: string, count: number, point: string): StartedProcess =>
  startProcess(['node', 'test/subgraphs/room/mortal-room.ts', directory, roomId, userId, String(count), point], {});

const acknowledged = (output: string): { commandId: string; revision: number }[] =>
  [...output.matchAll(/^ACK (\S+) APPLIED (\d+)$/gm)].map(([, commandId = '', revision]) => ({
    commandId,
    revision: Number(revision),
  }));

const storedEvents = (roomId: string) =>
  ports.store
    .collection<StoredEvent>('room_events')
    .find({ roomId }, { sort: { revision: 1 } })
    .toArray();

/** A new process starts; then state, topic and stored events must tell the same story, with all that was acknowledged in it. */
async function expectHealed(roomId: string, acks: readonly { commandId: string; revision: number }[]) {
  const subgraph = createRoomSubgraph(ports, HARDLY_LIMITED);
  await subgraph.start();
  await subgraph.stop();
  const stored = await storedEvents(roomId);
  const revisions = stored.map((_, index) => index + 1);
  expect(stored.map(({ revision }) => revision)).toEqual(revisions);
  expect(stored.filter((event) => 'outboxAt' in event)).toEqual([]);
  const topic = await published(ports, roomId);
  expect(firstAppearances(topic)).toEqual(revisions);
  for (const { commandId, revision } of acks) expect(stored[revision - 1]).toMatchObject({ commandId });
  const distinct = revisions.map((revision) => topic.find((event) => event.revision === revision)!);
  const saved = await ports.store.collection<StoredRoom>('rooms').findOne({ _id: roomId });
  expect(saved?.room).toEqual(fold(distinct));
  return subgraph;
}

test.each(['appended', 'saved', 'published'])(
  'a process killed when an event was just %s',
  async (point) => {
    const roomId = await makeRoom();
    const mortal = startMortal(roomId, 'u1', 3, point);
    expect(await mortal.exit).toBeNull();
    expect(mortal.child.signalCode).toBe('SIGKILL');
    const acks = acknowledged(mortal.output());
    expect(acks).toHaveLength(2);
    const subgraph = await expectHealed(roomId, acks);
    // The client never heard of its third message: it sends it again, and it is there once.
    const again = { roomId, commandId: 'u1-3', text: 'u1-3' };
    const answer = await contextOf(subgraph, user('u1')).rooms.sendMessage(user('u1'), again);
    expect(answer).toMatchObject({ outcome: 'DUPLICATE', revision: 5 });
    expect((await storedEvents(roomId)).map(({ commandId }) => commandId)).toEqual([
      'room',
      undefined,
      'u1-1',
      'u1-2',
      'u1-3',
    ]);
  },
  60_000,
);

test('two processes of one room, one killed in mid flow: the other goes on, nothing acknowledged is lost', async () => {
  const roomId = await makeRoom();
  const victim = startMortal(roomId, 'u1', 100_000, 'never');
  const survivor = startMortal(roomId, 'u2', 60, 'never');
  await victim.saw('ACK u1-20');
  await victim.stop('SIGKILL');
  expect(await survivor.exit).toBe(0);
  expect(acknowledged(survivor.output())).toHaveLength(60);
  await expectHealed(roomId, [...acknowledged(victim.output()), ...acknowledged(survivor.output())]);
}, 60_000);
