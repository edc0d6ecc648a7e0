/** A member against the room's real rules, in virtual time: commands, echoes, heartbeats, a path that breaks. */
import { afterEach, expect, test } from '@jest/globals';
import { RoomClient } from '../../client/room-client.ts';
import type { RoomEvent } from '../../client/room-events.ts';
import { ConnectionLostError, RequestError, type Variables } from '../../client/transport.ts';
import { Random } from '../sync/random.ts';
import { furnish } from '../sync/scenario.ts';
import { SimTransport } from '../sync/sim-transport.ts';
import { VirtualRoom } from '../sync/virtual-room.ts';
import { VirtualTime } from '../sync/virtual-time.ts';

interface Heard {
  readonly event: RoomEvent;
  readonly isOwn: boolean;
}

const opened: RoomClient[] = [];
afterEach(() => {
  for (const client of opened.splice(0)) client.stop();
});

function open(names: readonly string[] = ['ann', 'bob']) {
  const [time, random] = [new VirtualTime(1_700_000_000_000), new Random(5)];
  const server = new VirtualRoom(time, random.fork(), names[0] as string, 'movie');
  const asked: { user: string; name: string; variables: Variables }[] = [];
  const answer = server.answer.bind(server);
  server.answer = (user, name, variables, reply) => {
    asked.push({ user, name, variables });
    answer(user, name, variables, reply);
  };
  const members = names.map((userId) => {
    if (userId !== names[0]) server.join(userId);
    const setup = furnish(time, random, userId);
    const transport = new SimTransport(time, setup.network, server, userId);
    const heard: Heard[] = [];
    const { player, timers } = setup;
    const client = new RoomClient({
      transport,
      roomId: 'sim',
      player,
      timers,
      random: random.next,
      onEvent: (event, isOwn) => void heard.push({ event, isOwn }),
    });
    opened.push(client);
    client.start();
    return { ...setup, transport, client, heard };
  });
  const run = (forMs: number): Promise<void> => time.runUntil(time.now() + forMs);
  /** What a promise comes to within a minute of virtual time. */
  async function outcome<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const settle = (): void => {
      isSettled = true;
    };
    promise.then(settle, settle);
    for (let step = 0; step < 600 && !isSettled; step += 1) await run(100);
    if (!isSettled) throw new Error('it did not settle');
    return promise;
  }
  return { time, server, asked, members, run, outcome };
}
type Opened = ReturnType<typeof open>;
const pair = ({ members: [ann, bob] }: Opened) => {
  if (ann === undefined || bob === undefined) throw new Error('two members');
  return { ann, bob };
};

test('own commands are known by their echo, others’ are not', async () => {
  const room = open();
  const { ann, bob } = pair(room);
  await room.run(4_000);
  expect(await room.outcome(ann.client.play())).toMatchObject({ outcome: 'APPLIED' });
  await room.run(500);
  const echo = ({ heard }: typeof ann) => heard.find(({ event }) => event.__typename === 'PlaybackChanged');
  expect(echo(ann)).toMatchObject({ isOwn: true, event: { actorId: 'ann' } });
  expect(echo(bob)).toMatchObject({ isOwn: false });
  expect(ann.heard.every(({ event, isOwn }) => event.__typename === 'PlaybackChanged' || !isOwn)).toBe(true);
});

test('a command says what its sender had seen, so that a crossing one is a conflict and not a surprise', async () => {
  const room = open();
  const { ann, bob } = pair(room);
  await room.run(4_000);
  const both = Promise.all([ann.client.seek(60_000), bob.client.seek(120_000)]);
  const outcomes = (await room.outcome(both)).map(({ outcome }) => outcome);
  expect(outcomes.toSorted()).toEqual(['APPLIED', 'CONFLICT']);
  await room.run(2_000);
  expect(ann.client.timeline).toEqual(bob.client.timeline);
});

test('a command whose answer was lost is sent again under its id and carried out once', async () => {
  const room = open();
  const { ann } = pair(room);
  await room.run(4_000);
  const before = room.server.room.revision;
  const sent = ann.client.sendMessage('hello');
  await room.run(90); // it is there, or on its way; the answer is not
  ann.network.cut(500);
  const result = await room.outcome(sent);
  expect(['APPLIED', 'DUPLICATE']).toContain(result.outcome);
  await room.run(3_000);
  const commands = room.asked.filter(({ name }) => name === 'SendMessage');
  expect(new Set(commands.map(({ variables }) => (variables['input'] as { commandId: string }).commandId)).size).toBe(
    1,
  );
  expect(room.server.room.revision).toBe(before + 1);
});

test('a command that gets no answer for 15 s fails as unknown; one that the server refuses fails at once', async () => {
  const room = open();
  const { ann } = pair(room);
  await room.run(4_000);
  await expect(room.outcome(ann.client.seek(-5))).rejects.toBeInstanceOf(RequestError);
  ann.network.cut(120_000);
  const sentAt = room.time.now();
  await expect(room.outcome(ann.client.pause())).rejects.toBeInstanceOf(ConnectionLostError);
  expect(room.time.now() - sentAt).toBeGreaterThanOrEqual(15_000);
  expect(room.time.now() - sentAt).toBeLessThan(25_000);
});

test('reports every five seconds and at every change, about the timeline that it follows', async () => {
  const room = open();
  const { ann } = pair(room);
  await room.run(6_000);
  await room.outcome(ann.client.play());
  await room.run(60_000);
  const reports = room.asked.filter(({ user, name }) => user === 'ann' && name === 'ReportPlayback');
  const inputs = reports.map(({ variables }) => variables['input'] as Record<string, unknown>);
  const states = inputs.map(({ state }) => state);
  expect(states.filter((state, index) => state !== states[index - 1])).toEqual(['BUFFERING', 'READY', 'PLAYING']);
  expect(inputs.at(-1)).toMatchObject({ playbackRevision: room.server.room.playback.revision, entitled: true });
  expect(inputs.at(-1)?.['oneWayMs']).toBeGreaterThan(0);
  const steady = reports.filter(({ variables }) => (variables['input'] as { state: string }).state === 'PLAYING');
  expect(steady.length).toBeGreaterThanOrEqual(11);
  expect(steady.length).toBeLessThanOrEqual(16);
});

test('the answer to a heartbeat is believed where the stream is silent', async () => {
  const room = open();
  const { ann, bob } = pair(room);
  await room.run(4_000);
  const subscribe = room.server.subscribe.bind(room.server);
  room.server.subscribe = (user, variables, push) =>
    subscribe(user, variables, user === 'bob' ? () => undefined : push);
  bob.client.networkIsBack();
  await room.run(2_000);
  await room.outcome(ann.client.play());
  await room.run(8_000);
  expect(bob.client.timeline?.status).toBe('PLAYING');
  expect(bob.player.isMoving).toBe(true);
});

test('an hour of lost networks loses no event and disorders none; all end alike', async () => {
  const room = open(['ann', 'bob', 'cleo']);
  const [, bob, cleo] = room.members;
  await room.run(5_000);
  for (let round = 0; round < 40; round += 1) {
    const target = round % 2 === 0 ? bob : cleo;
    target?.network.cut(1_000 + 500 * (round % 30));
    void room.members[0]?.client.sendMessage(`round ${round}`).catch(() => undefined);
    void room.members[0]?.client.seek(10_000 * round).catch(() => undefined);
    await room.run(90_000);
  }
  for (const { heard, client } of room.members) {
    const revisions = heard.map(({ event }) => event.revision);
    const first = revisions[0] as number;
    expect(revisions).toEqual(revisions.map((_, index) => first + index));
    expect(client.lastRevision).toBe(room.server.room.revision);
    expect(client.timeline).toEqual(room.members[0]?.client.timeline);
    expect(client.holes).toBe(0);
  }
});
