import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import WebSocket from 'ws';
import { eventually } from '../support/eventually.ts';
import { ToySystem, take } from './toy-system.ts';

let system: ToySystem;
beforeEach(async () => {
  system = await ToySystem.start();
});
afterEach(() => system.stop());

const NOTES = /* GraphQL */ `
  subscription Notes($id: ID!, $after: Int) {
    change: board(boardId: $id, after: $after) {
      __typename
      seq
      board { title: name }
      ... on NoteAdded { text author { name } }
    }
  }
`;
const variables = { id: 'b1' };
const metrics = async () => (await fetch(system.url.replace('/graphql', '/metrics'))).text();

test('a snapshot first, then live events, with fields of two other subgraphs under the names the client gave', async () => {
  await system.note('b1', 1, { publish: false });
  const stream = (await system.client('ann')).iterate({ query: NOTES, variables });
  const [snapshot] = await take(stream, 1);
  expect(snapshot).toEqual({
    data: { change: { __typename: 'BoardSnapshot', seq: 1, board: { title: 'Board b1' } } },
    extensions: { cursor: '1' },
  });
  await system.note('b1', 2);
  await system.note('b2', 1);
  await system.note('b1', 3);
  const live = await take(stream, 2);
  expect(live).toEqual(
    [2, 3].map((seq) => ({
      data: {
        change: {
          __typename: 'NoteAdded',
          seq,
          board: { title: 'Board b1' },
          text: `note ${seq}`,
          author: { name: 'Author a1' },
        },
      },
      extensions: { cursor: String(seq) },
    })),
  );
});

test('subgraph fetches per event are the same for 1, 10 and 100 viewers, each with a token of their own', async () => {
  const counts: number[] = [];
  let seq = 0;
  const streams: AsyncIterableIterator<unknown>[] = [];
  for (const viewers of [1, 10, 100]) {
    while (streams.length < viewers) {
      const client = await system.client(`viewer${streams.length}`);
      const stream = client.iterate({ query: NOTES, variables: { ...variables, after: seq } });
      streams.push(stream);
    }
    const joined = eventually(() => system.fetches['boards'] !== undefined);
    await joined;
    const first = streams.map((stream) => take(stream, 1));
    await eventually(() => system.identities.filter((each) => each.userId !== null).length >= viewers);
    const before = { ...system.fetches };
    seq += 1;
    await system.note('b1', seq);
    const frames = await Promise.all(first);
    expect(new Set(frames.map((frame) => JSON.stringify(frame))).size).toBe(1);
    counts.push(
      (system.fetches['boards'] ?? 0) -
        (before['boards'] ?? 0) +
        (system.fetches['authors'] ?? 0) -
        (before['authors'] ?? 0),
    );
  }
  expect(counts).toEqual([2, 2, 2]);
  expect(system.identities.at(-1)).toEqual({ userId: null, scopes: [], audience: 'boards:b1' });
});

test('an event is resolved with nobody’s own rights: a viewer’s private field is refused, the rest arrives', async () => {
  const query =
    'subscription ($id: ID!) { board(boardId: $id, after: 0) { seq board { name secretOf(userId: "ann") } } }';
  const stream = (await system.client('ann')).iterate({ query, variables });
  const frame = take(stream, 1);
  await eventually(() => system.identities.length > 0);
  await system.note('b1', 1);
  expect((await frame)[0]).toMatchObject({
    data: { board: { seq: 1, board: { name: 'Board b1', secretOf: null } } },
    errors: [{ extensions: { code: 'FORBIDDEN' }, path: ['board', 'board', 'secretOf'] }],
  });
});

test('resuming after a revision brings what was missed, then goes on live; the future is refused', async () => {
  for (const seq of [1, 2, 3]) await system.note('b1', seq);
  const stream = (await system.client('ann')).iterate({ query: NOTES, variables: { ...variables, after: 1 } });
  const missed = await take(stream, 2);
  await system.note('b1', 4);
  const all = [...missed, ...(await take(stream, 1))];
  expect(all.map((frame) => frame['extensions'])).toEqual([{ cursor: '2' }, { cursor: '3' }, { cursor: '4' }]);

  const ahead = (await system.client('ann')).iterate({ query: NOTES, variables: { ...variables, after: 9 } });
  await expect(take(ahead, 1)).rejects.toMatchObject([{ extensions: { code: 'REVISION_FROM_THE_FUTURE' } }]);
});

test('a replay that grew old on its way, while another viewer started the stream further on, leaves no hole', async () => {
  await system.note('b1', 1);
  let open = () => {};
  system.replayGates.set(
    'slow',
    new Promise((resolve) => {
      open = resolve;
    }),
  );
  const slow = (await system.client('slow')).iterate({ query: NOTES, variables: { ...variables, after: 0 } });
  const frames = take(slow, 4);
  await eventually(() => system.replays.length > 0);
  await system.note('b1', 2);
  await system.note('b1', 3);
  const quick = (await system.client('quick')).iterate({ query: NOTES, variables });
  await take(quick, 1); // a snapshot at 3: the stream goes on from there
  open();
  system.replayGates.clear();
  await system.note('b1', 4);
  expect((await frames).map((frame) => frame['extensions'])).toEqual(
    ['1', '2', '3', '4'].map((cursor) => ({ cursor })),
  );
});

test('events that overtake each other or come twice arrive once and in order; a hole is filled from the replay', async () => {
  const stream = (await system.client('ann')).iterate({ query: NOTES, variables });
  await take(stream, 1);
  for (const seq of [2, 1, 1, 3, 2])
    await system.note('b1', seq, { store: seq > 0 && !system.stored.get('b1')?.some((e) => e.seq === seq) });
  await system.note('b1', 4, { publish: false });
  await system.note('b1', 5);
  const cursors = (await take(stream, 5)).map((frame) => (frame['extensions'] as { cursor: string }).cursor);
  expect(cursors).toEqual(['1', '2', '3', '4', '5']);
});

test('events resolved at different speeds leave in order', async () => {
  const stream = (await system.client('ann')).iterate({ query: NOTES, variables });
  await take(stream, 1);
  let open = () => {};
  system.authorsGate = new Promise((resolve) => {
    open = resolve;
  });
  await system.note('b1', 1);
  await eventually(() => (system.fetches['authors'] ?? 0) >= 1);
  system.authorsGate = null;
  await system.note('b1', 2);
  await eventually(() => (system.fetches['authors'] ?? 0) >= 2);
  open();
  expect((await take(stream, 2)).map((frame) => (frame['extensions'] as { cursor: string }).cursor)).toEqual([
    '1',
    '2',
  ]);
});

test('a failing subgraph costs its fields, with a masked error, not the event', async () => {
  system.authorsFail = true;
  const stream = (await system.client('ann')).iterate({ query: NOTES, variables });
  await take(stream, 1);
  await system.note('b1', 1);
  const [frame] = await take(stream, 1);
  expect(frame).toMatchObject({ data: { change: { seq: 1, text: 'note 1', author: null } } });
  expect(JSON.stringify(frame?.['errors'])).not.toContain('fire');
  expect(frame?.['errors']).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
});

test('who may not see a stream is refused; who has left is put out after the event that says so', async () => {
  system.outsiders.add('eve');
  const refused = (await system.client('eve')).iterate({ query: NOTES, variables });
  await expect(take(refused, 1)).rejects.toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  const nobody = (await system.client(null)).iterate({ query: NOTES, variables });
  await expect(take(nobody, 1)).rejects.toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);

  const leaving = (await system.client('bob')).iterate({ query: NOTES, variables });
  const staying = (await system.client('ann')).iterate({ query: NOTES, variables });
  await Promise.all([take(leaving, 1), take(staying, 1)]);
  system.outsiders.add('bob');
  await system.note('b1', 1, { type: 'member.left', data: { userId: 'bob' } });
  expect(await take(leaving, 1)).toMatchObject([{ data: { change: { seq: 1 } } }]);
  await expect(take(leaving, 1)).rejects.toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  await system.note('b1', 2);
  expect(await take(staying, 2)).toMatchObject([{ data: { change: { seq: 1 } } }, { data: { change: { seq: 2 } } }]);
});

test('a stream keyed by its viewer reaches that viewer alone; arguments filter; what is not JSON is passed over', async () => {
  const publish = (key: string, value: string) => system.ports.log.publish('pings', [{ key, value }]);
  const mine = (await system.client('ann')).iterate({ query: 'subscription { mine { n } }' });
  const red = (await system.client(null)).iterate({ query: 'subscription { pings(colour: ["red"]) { n colour } }' });
  const frames = Promise.all([take(mine, 2), take(red, 2)]);
  await eventually(async () => (await metrics()).includes('gateway_streams 2'));
  await publish('bob', '{"n":1,"colour":"red"}');
  await publish('ann', 'not JSON \u0000');
  await publish('ann', '{"n":2,"colour":"blue"}');
  await publish('ann', '{"n":3,"colour":"red"}');
  const [ofAnn, ofRed] = await frames;
  expect(ofAnn).toEqual([{ data: { mine: { n: 2 } } }, { data: { mine: { n: 3 } } }]);
  expect(ofRed).toEqual([{ data: { pings: { n: 1, colour: 'red' } } }, { data: { pings: { n: 3, colour: 'red' } } }]);
  const nobody = (await system.client(null)).iterate({ query: 'subscription { mine { n } }' });
  await expect(take(nobody, 1)).rejects.toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
});

test('nothing is left when the last subscriber has gone', async () => {
  const client = await system.client('ann');
  const streams = Array.from({ length: 20 }, () => client.iterate({ query: NOTES, variables }));
  await Promise.all(streams.map((stream) => take(stream, 1)));
  await Promise.all(streams.map((stream) => stream.return?.()));
  await eventually(async () => (await metrics()).includes('gateway_streams 0'));
});

test('sockets that go before their subscription is ready leave nothing', async () => {
  const Authorization = await system.token('ann');
  const url = system.url.replace('http', 'ws');
  const say = (socket: WebSocket, message: object) => socket.send(JSON.stringify(message));
  await Promise.all(
    Array.from({ length: 60 }, async (_, n) => {
      const socket = new WebSocket(url, 'graphql-transport-ws');
      await once(socket, 'open');
      say(socket, { type: 'connection_init', payload: { Authorization } });
      await once(socket, 'message');
      say(socket, { id: '1', type: 'subscribe', payload: { query: NOTES, variables } });
      if (n % 3 === 0) say(socket, { id: '1', type: 'complete' });
      if (n % 3 === 1) socket.terminate();
      else socket.close();
      await once(socket, 'close');
    }),
  );
  await eventually(() => system.replays.length > 0);
  await eventually(async () => /gateway_sockets 0\n[\s\S]*gateway_streams 0\n/.test(await metrics()));
});
