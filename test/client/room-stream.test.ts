/** Events once and in order over a connection that breaks, repeats and leaves holes. */
import { expect, test } from '@jest/globals';
import { backOffMs } from '../../client/back-off.ts';
import type { RoomEvent } from '../../client/room-events.ts';
import { RoomStream, type StreamStatus } from '../../client/room-stream.ts';
import {
  ConnectionLostError,
  RequestError,
  type RoomTransport,
  type StreamSink,
  type Variables,
} from '../../client/transport.ts';
import { VirtualTime } from '../sync/virtual-time.ts';

interface Opened {
  readonly after: unknown;
  readonly sink: StreamSink;
  over: boolean;
}

function rig() {
  const time = new VirtualTime(0);
  const opened: Opened[] = [];
  const events: RoomEvent[] = [];
  const statuses: StreamStatus[] = [];
  let drops = 0;
  const transport: RoomTransport = {
    request: () => Promise.reject(new Error('not used')),
    subscribe: (_operation, variables: Variables, sink) => {
      const one = { after: variables['afterRevision'], sink, over: false };
      opened.push(one);
      return () => {
        one.over = true;
      };
    },
    drop: () => {
      drops += 1;
    },
    close: async () => undefined,
  };
  const stream = new RoomStream({
    transport,
    timers: time,
    random: () => 0.999,
    roomId: 'r1',
    onEvent: (event) => void events.push(event),
    onStatus: (status) => void statuses.push(status),
  });
  const last = (): Opened => opened.at(-1) as Opened;
  const send = (...revisions: number[]): void => {
    for (const revision of revisions) {
      last().sink.next({ roomEvents: { __typename: 'MessagePosted', revision, at: 0, actorId: 'u', text: 'x' } });
    }
  };
  const snapshot = (revision: number): void =>
    last().sink.next({ roomEvents: { __typename: 'RoomSnapshot', revision, at: 0, actorId: null } });
  const lose = (error: RequestError | ConnectionLostError | null): void => last().sink.end(error);
  const revisions = (): number[] => events.map(({ revision }) => revision);
  return { time, stream, opened, statuses, send, snapshot, lose, revisions, drops: () => drops };
}
const GONE = new ConnectionLostError('gone', 1006);

test('begins with a snapshot and goes on after the last revision that it has', async () => {
  const { time, stream, opened, statuses, send, snapshot, lose, revisions } = rig();
  stream.start();
  expect(opened[0]?.after).toBeNull();
  snapshot(7);
  send(8, 9);
  lose(GONE);
  await time.runUntil(300);
  expect(opened[1]?.after).toBe(9);
  send(10);
  expect(revisions()).toEqual([7, 8, 9, 10]);
  expect(statuses).toEqual(expect.arrayContaining(['connecting', 'live', 'waiting']));
  stream.stop();
});

test('drops repeats, and asks again from where something is missing', () => {
  const { stream, opened, send, snapshot, revisions } = rig();
  stream.start();
  snapshot(1);
  send(2, 2, 1, 3);
  send(6);
  expect(opened).toHaveLength(2);
  expect(opened[0]?.over).toBe(true);
  expect(opened[1]?.after).toBe(3);
  send(4, 5, 6);
  expect(revisions()).toEqual([1, 2, 3, 4, 5, 6]);
  expect(stream.holes).toBe(1);
  stream.stop();
});

test('a snapshot instead of what was missed is taken as it is', () => {
  const { stream, send, snapshot, revisions } = rig();
  stream.start();
  snapshot(1);
  snapshot(900);
  send(901);
  expect(revisions()).toEqual([1, 900, 901]);
  stream.stop();
});

test('waits longer from try to try, up to a second, and a frame resets it', async () => {
  const { time, stream, opened, snapshot, lose } = rig();
  stream.start();
  const gaps: number[] = [];
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const [count, from] = [opened.length, time.now()];
    lose(GONE);
    while (opened.length === count) await time.runUntil(time.now() + 10);
    gaps.push(time.now() - from);
  }
  expect(gaps).toEqual([250, 500, 1_000, 1_000, 1_000]);
  snapshot(1);
  lose(GONE);
  const count = opened.length;
  await time.runUntil(time.now() + 250);
  expect(opened).toHaveLength(count + 1);
  stream.stop();
});

test('a device that says the network is back is believed at once, whatever was under way', async () => {
  const { time, stream, opened, snapshot, lose, drops } = rig();
  stream.start();
  snapshot(1);
  stream.reconnectNow(); // the socket seems alive, and is not
  expect(drops()).toBe(1);
  lose(GONE);
  await time.runUntil(time.now());
  expect(opened).toHaveLength(2);
  lose(GONE);
  stream.reconnectNow(); // it was waiting to try again
  expect(opened).toHaveLength(3);
  stream.stop();
});

test.each([
  new RequestError('FORBIDDEN', 'out'),
  new RequestError('NOT_FOUND', 'no'),
  new ConnectionLostError('who are you', 4401),
])('%s ends it for good', async (error) => {
  const { time, stream, opened, statuses, lose } = rig();
  stream.start();
  lose(error);
  await time.runUntil(60_000);
  expect(opened).toHaveLength(1);
  expect(statuses.at(-1)).toBe('ended');
});

test('a token whose time is over is followed by another; one that is refused as well ends it', async () => {
  const { time, stream, opened, statuses, snapshot, lose } = rig();
  const refused = new ConnectionLostError('token', 4403);
  stream.start();
  snapshot(1);
  for (const hour of [1, 2]) {
    await time.runUntil(hour * 3_600_000);
    lose(refused);
    await time.runUntil(time.now() + 1_000);
    expect(opened).toHaveLength(hour + 1);
  }
  lose(refused);
  await time.runUntil(time.now() + 60_000);
  expect(opened).toHaveLength(3);
  expect(statuses.at(-1)).toBe('ended');
});

test.each([
  new RequestError('SLOW_CONSUMER', 'slow'),
  new RequestError('UNAVAILABLE', 'down'),
  new ConnectionLostError('slow', 4410),
  null,
])('%s does not', async (error) => {
  const { time, stream, opened, snapshot, lose } = rig();
  stream.start();
  snapshot(5);
  lose(error);
  await time.runUntil(2_000);
  expect(opened.map(({ after }) => after)).toEqual([null, 5]);
  stream.stop();
});

test('a server that knows less than it had told is asked for what it has', async () => {
  const { time, stream, opened, snapshot, lose } = rig();
  stream.start();
  snapshot(50);
  lose(new RequestError('REVISION_FROM_THE_FUTURE', 'lost'));
  await time.runUntil(2_000);
  expect(opened.map(({ after }) => after)).toEqual([null, null]);
  stream.stop();
});

test('after stop nothing is tried', async () => {
  const { time, stream, opened, lose } = rig();
  stream.start();
  stream.stop();
  lose(GONE);
  await time.runUntil(60_000);
  expect(opened).toHaveLength(1);
});

test('the back-off is a random share of a limit that doubles, and grows long after a minute', () => {
  expect([0, 1, 2, 3, 50].map((attempt) => backOffMs(attempt, 0, 0.5))).toEqual([125, 250, 500, 500, 500]);
  expect(backOffMs(10, 61_000, 1)).toBe(15_000);
  expect(backOffMs(10, 61_000, 0)).toBe(0);
});
