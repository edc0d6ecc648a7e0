/** The hub without sockets: what it keeps, shares, coalesces, plans anew and lets go. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { LiveHub } from '../../gateway/live-hub.ts';
import type { Frame } from '../../gateway/subscriber.ts';
import { readSupergraph } from '../../gateway/supergraph.ts';
import { eventually } from '../support/eventually.ts';
import { ToySystem, toySupergraph } from './toy-system.ts';

let system: ToySystem;
let hub: LiveHub;
beforeEach(async () => {
  system = await ToySystem.start();
  hub = makeHub();
});
afterEach(async () => {
  await hub.close();
  await system.stop();
});

const makeHub = (options: { keptMs?: number } = {}) =>
  new LiveHub(readSupergraph(toySupergraph()), system.ports.log, system.sources, system.ports.logger, options);

const NOTES =
  'subscription ($id: ID!, $after: Int) { board(boardId: $id, after: $after) { seq ... on NoteAdded { text author { name } } } }';

const subscribe = (userId: string | null, source: string, variables: object) =>
  hub.subscribe({
    source,
    document: parse(source),
    variables: variables as Record<string, unknown>,
    identity: { userId, scopes: [], audience: null },
  });

const notes = (userId: string, after: number | null = null, id = 'b1') => subscribe(userId, NOTES, { id, after });

async function read(stream: AsyncIterator<Frame>, count: number) {
  const frames = [];
  while (frames.length < count) {
    const { value } = await stream.next();
    if (!value) throw new Error(`the stream ended after ${frames.length} frames`);
    frames.push(JSON.parse((value as Frame).bytes.toString()));
  }
  return frames;
}

const cursors = async (stream: AsyncIterator<Frame>, count: number) =>
  (await read(stream, count)).map((frame) => Number(frame.extensions.cursor));

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

test('who comes back within the ring costs one admission without events; the frames are shared by all who do', async () => {
  const first = await notes('ann');
  await read(first, 1);
  for (const seq of numbers(1, 20)) await system.note('b1', seq);
  expect(await cursors(first, 20)).toEqual(numbers(1, 20));
  await first.return(undefined);
  expect([hub.streamCount, hub.keptCount]).toEqual([0, 1]);
  await system.note('b1', 21); // while nobody is there
  await eventually(async () => (await read(await notes('bob', 20), 1)).length === 1 && system.replays.at(-1) === 21);

  system.replays.length = 0;
  const before = { ...system.fetches };
  const back = await Promise.all(numbers(1, 50).map((n) => notes(`viewer${n}`, 6)));
  const seen = await Promise.all(back.map((stream) => cursors(stream, 15)));
  expect(seen).toEqual(back.map(() => numbers(7, 21)));
  expect(new Set(system.replays)).toEqual(new Set([21]));
  expect((system.fetches['authors'] ?? 0) - (before['authors'] ?? 0)).toBeLessThanOrEqual(15);
  await system.note('b1', 22);
  expect(await Promise.all(back.map((stream) => cursors(stream, 1)))).toEqual(back.map(() => [22]));
});

test('the ring admits nobody: an outsider with a revision is refused', async () => {
  const member = await notes('ann');
  await system.note('b1', 1);
  await cursors(member, 2);
  system.outsiders.add('eve');
  await expect(notes('eve', 0)).rejects.toMatchObject({ extensions: { code: 'FORBIDDEN' } });
  expect(hub.streamCount).toBe(1);
});

test('beyond the ring of 256 the store is asked, and what the store has before the log comes with the admission', async () => {
  const member = await notes('ann');
  const all = cursors(member, 301);
  for (const seq of numbers(1, 300)) await system.note('b1', seq);
  await all;
  expect(await cursors(await notes('bob', 10), 290)).toEqual(numbers(11, 300));
  expect(system.replays.at(-1)).toBe(10);
  await system.note('b1', 301, { publish: false });
  expect(await cursors(await notes('cat', 60), 241)).toEqual(numbers(61, 301));
  expect(system.replays.at(-1)).toBe(300);
});

test('a burst of 1,000 events is no slow reader: all arrive, in order', async () => {
  const stream = await notes('ann');
  await read(stream, 1);
  const events = numbers(1, 1_000).map((seq) => ({
    key: 'b1',
    value: JSON.stringify({ boardId: 'b1', seq, type: 'note.added', data: { text: '', authorId: 'a1' } }),
  }));
  const all = cursors(stream, 1_000);
  await system.ports.log.publish('boards', events);
  expect(await all).toEqual(numbers(1, 1_000));
});

test('an event that cannot be resolved is a frame without data; one of an unknown type is passed over; the stream goes on', async () => {
  const stream = await notes('ann');
  await read(stream, 1);
  await system.note('b1', 1, { data: { text: null } }); // String! in the schema
  await system.note('b1', 2, { type: 'note.burnt' });
  await system.note('b1', 3);
  const [broken, whole] = await read(stream, 2);
  expect(broken).toMatchObject({ data: null, errors: [{ message: expect.any(String) }], extensions: { cursor: '1' } });
  expect(whole).toMatchObject({ data: { board: { seq: 3, text: 'note 3' } } });
  expect(await cursors(await notes('bob', 1), 1)).toEqual([3]);
});

const CURSORS = 'subscription { cursors(boardId: "b1") { at moved { who x } clicks { button n } } }';

test('events within the window become one: latest value, latest entry by key, sums', async () => {
  const stream = await subscribe('ann', CURSORS, {});
  const publish = (at: number, moved: object[], clicks: object[] = []) =>
    system.ports.log.publish('cursors', [{ key: 'b1', value: JSON.stringify({ at, moved, clicks }) }]);
  await publish(1, [{ who: 'ann', x: 1 }]);
  await publish(2, [{ who: 'bob', x: 1 }], [{ button: 'left', n: 2 }]);
  await publish(3, [{ who: 'ann', x: 5 }], [{ button: 'right', n: 1 }]);
  await publish(4, [{ who: 'ann', x: 7 }], [{ button: 'left', n: 3 }]);
  const frames: { at: number; moved: { who: string; x: number }[]; clicks: { button: string; n: number }[] }[] = [];
  while (frames.at(-1)?.at !== 4) frames.push((await read(stream, 1))[0].data.cursors);
  expect(frames[0]).toEqual({ at: 1, moved: [{ who: 'ann', x: 1 }], clicks: [] });
  expect(frames.length).toBeLessThan(4);
  expect(frames.at(-1)?.moved).toContainEqual({ who: 'ann', x: 7 });
  const clicks = frames.flatMap((frame) => frame.clicks);
  const sum = (button: string) => clicks.reduce((all, each) => all + (each.button === button ? each.n : 0), 0);
  expect([sum('left'), sum('right')]).toEqual([5, 1]);
});

test('an ephemeral stream is admitted anew by the events of another topic', async () => {
  const leaving = await subscribe('bob', CURSORS, {});
  const staying = await subscribe('ann', CURSORS, {});
  system.outsiders.add('bob');
  await system.note('b1', 1, { type: 'member.left', data: { userId: 'bob' } });
  await expect(leaving.next()).rejects.toMatchObject({ extensions: { code: 'FORBIDDEN' } });
  await system.ports.log.publish('cursors', [{ key: 'b1', value: '{"at":1,"moved":[],"clicks":[]}' }]);
  expect(await read(staying, 1)).toMatchObject([{ data: { cursors: { at: 1 } } }]);
});

test('a hole is filled in the name of a member who may still see the stream', async () => {
  const gone = await notes('bob');
  const staying = await notes('ann');
  await Promise.all([read(gone, 1), read(staying, 1)]);
  system.outsiders.add('bob');
  await system.note('b1', 1, { publish: false });
  await system.note('b1', 2);
  expect(await cursors(staying, 2)).toEqual([1, 2]);
});

test('a new supergraph goes on with running streams and ends only those that no longer validate', async () => {
  const plain = await notes('ann');
  const withText = await subscribe(
    'ann',
    'subscription { board(boardId: "b1") { seq ... on NoteAdded { text } } }',
    {},
  );
  const ping = await subscribe('ann', 'subscription { mine { n colour } }', {});
  const moved = await subscribe('ann', 'subscription { pings { n } }', {});
  await Promise.all([read(plain, 1), read(withText, 1)]);
  const change = (sdl: string) =>
    sdl
      .replace('type Ping { colour: String!', 'type Ping { shade: String!')
      .replace(
        'pings(colour: [String!]): Ping! @kafkaSubscribe(topic: "pings")',
        'pings: Ping! @kafkaSubscribe(topic: "boards")',
      );
  await system.note('b1', 1);
  expect(await cursors(plain, 1)).toEqual([1]);
  hub.update(readSupergraph(toySupergraph(change)));
  await expect(ping.next()).rejects.toMatchObject({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
  await expect(moved.next()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await system.note('b1', 2);
  expect(await cursors(plain, 1)).toEqual([2]);
  expect(await cursors(withText, 2)).toEqual([1, 2]);
  expect(hub.streamCount).toBe(1);
  expect(await cursors(await notes('bob', 0), 2)).toEqual([1, 2]); // the ring lived on, too
  expect(system.replays.at(-1)).toBe(2);
  const added = await subscribe('ann', 'subscription { mine { n shade } }', {});
  await system.ports.log.publish('pings', [{ key: 'ann', value: '{"n":1,"shade":"red"}' }]);
  expect(await read(added, 1)).toEqual([{ data: { mine: { n: 1, shade: 'red' } } }]);
});

test('a new supergraph can bring an event type that was passed over before', async () => {
  const stream = await notes('ann');
  await read(stream, 1);
  await system.note('b1', 1, { type: 'note.burnt' });
  hub.update(readSupergraph(toySupergraph((sdl) => sdl.replace('"note.added"', '"note.added", "note.burnt"'))));
  await system.note('b1', 2, { type: 'note.burnt' });
  expect(await cursors(stream, 1)).toEqual([2]);
});

test('2,000 subscriptions opened and closed, some before they were ready, leave nothing', async () => {
  const open = async (rounds: number) => {
    for (let round = 0; round < rounds; round += 1) {
      const opening = numbers(1, 100).map((n) => notes(`viewer${n}`, null, `b${n % 10}`));
      const opened = await Promise.all(opening.slice(0, 50));
      await Promise.all(opened.map((stream) => read(stream, 1)));
      await Promise.all(opened.map((stream) => stream.return(undefined)));
      await Promise.all(opening.slice(50).map(async (stream) => (await stream).return(undefined)));
    }
  };
  await hub.close();
  hub = makeHub({ keptMs: 0 });
  await open(4);
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  await open(20);
  expect([hub.streamCount, hub.keptCount, hub.groupCount, hub.ringBytes]).toEqual([0, 0, 0, 0]);
  collectGarbage();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(8 * 2 ** 20);
  await system.note('b1', 1); // goes nowhere, harms nothing
  expect(await cursors(await notes('ann', 0, 'b1'), 1)).toEqual([1]);
});

test('a kept channel goes after its time, and its events with it', async () => {
  await hub.close();
  hub = makeHub({ keptMs: 20 });
  const stream = await notes('ann');
  await system.note('b1', 1);
  await cursors(stream, 2);
  expect(hub.ringBytes).toBeGreaterThan(0);
  await stream.return(undefined);
  await eventually(() => hub.keptCount === 0);
  expect([hub.streamCount, hub.ringBytes]).toEqual([0, 0]);
});
