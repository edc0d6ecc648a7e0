import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import { ANONYMOUS } from '../../../platform/identity.ts';
import type { Collection, Store, StoredDocument } from '../../../platform/ports/store.ts';
import { ask, audienceOf, openRooms, type RoomsUnderTest, roomWith, user } from './rooms.ts';

let rooms: RoomsUnderTest;
let reads: string[] = [];

/** The store, noting each read. */
const counting = (store: Store): Store => ({
  ping: () => store.ping(),
  close: () => store.close(),
  collection: <T extends StoredDocument>(name: string): Collection<T> =>
    new Proxy(store.collection<T>(name), {
      get(target, property: keyof Collection<T>) {
        if (property === 'find' || property === 'findOne') reads.push(name);
        return target[property].bind(target);
      },
    }),
});

beforeEach(async () => {
  rooms = await openRooms((ports) => ({ ...ports, store: counting(ports.store) }));
});
afterEach(() => rooms.close());

const ROOM = `{ id name revision code locked controlPolicy waitPolicy memberIds
  owner { userId role } members { userId displayName role state muted joinedAt lastSeenAt user { id } }
  playback { revision status content { id } positionMs effectiveAt rate actorId waitingFor waitUntil }
  queue { id content { id } addedBy votesToSkip } messages(last: 10) { revision authorId text at } }`;

test('an evening: create, join, play, seek, talk, queue, leave', async () => {
  const as = (userId: string, source: string, variables: Record<string, unknown> = {}) =>
    ask(rooms.subgraph, user(userId), source, variables);
  const created = await as(
    'u1',
    `mutation { createRoom(input: {commandId: "c1", name: " Friday ", contentId: "movie_1", displayName: "Ann"}) { outcome room ${ROOM} } }`,
  );
  expect(created.errors).toBeUndefined();
  const payload = created.data?.createRoom as { room: { id: string; code: string } };
  expect(payload).toMatchObject({
    outcome: 'APPLIED',
    room: {
      name: 'Friday',
      revision: 1,
      controlPolicy: 'EVERYONE',
      waitPolicy: 'UP_TO_LIMIT',
      owner: { userId: 'u1', role: 'OWNER' },
      members: [{ displayName: 'Ann', state: 'JOINING', muted: false, user: { id: 'u1' } }],
      playback: { revision: 1, status: 'PAUSED', content: { id: 'movie_1' }, positionMs: 0, actorId: 'u1' },
    },
  });
  const { id, code } = payload.room;
  const joined = await as(
    'u2',
    'mutation ($code: String!) { joinRoom(input: {code: $code}) { outcome room { memberIds } } }',
    { code },
  );
  expect(joined.data?.joinRoom).toMatchObject({ outcome: 'APPLIED', room: { memberIds: ['u1', 'u2'] } });

  const evening = await as(
    'u2',
    `mutation ($id: ID!) {
      play(input: {roomId: $id, commandId: "a"}) { outcome revision message room { playback { status } } }
      again: play(input: {roomId: $id, commandId: "a"}) { outcome revision }
      seek(input: {roomId: $id, commandId: "b", deltaMs: 30000}) { outcome room { playback { positionMs } } }
      setPlaybackRate(input: {roomId: $id, commandId: "c", rate: 1.5}) { outcome }
      pause(input: {roomId: $id, commandId: "d", expectedRevision: 1}) { outcome }
      sendMessage(input: {roomId: $id, commandId: "e", text: "hello"}) { outcome revision }
      updateQueue(input: {roomId: $id, commandId: "f", action: ADD, contentId: "movie_2"}) { outcome }
      setContent(input: {roomId: $id, commandId: "g", contentId: "movie_3", positionMs: 1000}) { outcome }
      updateRoom(input: {roomId: $id, commandId: "h", name: "Mine"}) { outcome message }
      react(roomId: $id, emoji: "❤️")
      reportPlayback(input: {roomId: $id, playbackRevision: 1, state: READY, positionMs: 0, at: 0}) { playback { revision } }
    }`,
    { id },
  );
  expect(evening.errors).toBeUndefined();
  expect(evening.data).toMatchObject({
    play: { outcome: 'APPLIED', revision: 3, room: { playback: { status: 'PLAYING' } } },
    again: { outcome: 'DUPLICATE', revision: 3 },
    seek: { outcome: 'APPLIED', room: { playback: { positionMs: 30_000 } } },
    setPlaybackRate: { outcome: 'APPLIED' },
    pause: { outcome: 'APPLIED' },
    sendMessage: { outcome: 'APPLIED', revision: 7 },
    updateQueue: { outcome: 'APPLIED' },
    setContent: { outcome: 'APPLIED' },
    updateRoom: { outcome: 'FORBIDDEN' },
    react: true,
    reportPlayback: { playback: { revision: 9 } },
  });

  const read = await as(
    'u1',
    `query ($id: ID!) { room(id: $id) ${ROOM} myRooms { id } serverTime(t0: 5) { t0 t1 t2 } }`,
    { id },
  );
  expect(read.errors).toBeUndefined();
  const now = rooms.ports.clock.now();
  expect(read.data).toMatchObject({
    room: {
      revision: 9,
      members: [{ state: 'JOINING' }, { state: 'READY', lastSeenAt: now }],
      playback: { status: 'PAUSED', content: { id: 'movie_3' }, positionMs: 1_000, rate: 1.5 },
      queue: [{ content: { id: 'movie_2' }, addedBy: 'u2', votesToSkip: 0 }],
      messages: [{ revision: 7, authorId: 'u2', text: 'hello', at: now }],
    },
    myRooms: [{ id }],
    serverTime: { t0: 5, t1: now, t2: now },
  });
  const left = await as('u1', 'mutation ($id: ID!) { leaveRoom(roomId: $id) { outcome room { id } } }', { id });
  expect(left.data?.leaveRoom).toEqual({ outcome: 'APPLIED', room: null });
  const after = await as('u2', 'query ($id: ID!) { room(id: $id) { owner { userId } } }', { id });
  expect(after.data?.room).toEqual({ owner: { userId: 'u2' } });
});

test('silence makes a member AWAY, then DISCONNECTED', async () => {
  const { id } = await roomWith(rooms);
  const state = async () => {
    const { data } = await ask(rooms.subgraph, user('u1'), 'query ($id: ID!) { room(id: $id) { members { state } } }', {
      id,
    });
    return data?.room;
  };
  rooms.ports.clock.advance(12_001);
  expect(await state()).toEqual({ members: [{ state: 'AWAY' }] });
  rooms.ports.clock.advance(90_000);
  expect(await state()).toEqual({ members: [{ state: 'DISCONNECTED' }] });
});

const ENTITIES =
  'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Room { id name } ... on User { id rooms { id } } } }';

test('50 representations of rooms are one read, their members’ states another', async () => {
  const ids: string[] = [];
  for (let index = 0; index < 50; index += 1) ids.push((await roomWith(rooms)).id);
  const of = ids.map((id) => ({ __typename: 'Room', id }));
  reads = [];
  const { data, errors } = await ask(rooms.subgraph, user('u1'), ENTITIES, { of });
  expect(errors).toBeUndefined();
  expect(data?._entities).toEqual(ids.map((id) => ({ id, name: 'Friday' })));
  expect(reads).toEqual(['rooms']);

  reads = [];
  const states =
    'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Room { members { state lastSeenAt } } } }';
  await ask(rooms.subgraph, user('u1'), states, { of });
  expect(reads).toEqual(['rooms', 'room_presence']);

  reads = [];
  const mine = await ask(rooms.subgraph, user('u1'), ENTITIES, { of: [{ __typename: 'User', id: 'u1' }] });
  expect(mine.data).toMatchObject({ _entities: [{ rooms: { length: 50 } }] });
  expect(reads).toEqual(['room_members', 'rooms']);
});

test('a room is shown to its members and its audience, a user’s rooms to the user', async () => {
  const { id } = await roomWith(rooms, 'u2');
  const of = [
    { __typename: 'Room', id },
    { __typename: 'Room', id: 'r_nowhere' },
    { __typename: 'User', id: 'u2' },
  ];
  const member = await ask(rooms.subgraph, user('u2'), ENTITIES, { of });
  expect(member.data?._entities).toEqual([{ id, name: 'Friday' }, null, { id: 'u2', rooms: [{ id }] }]);
  const audience = await ask(rooms.subgraph, audienceOf(id), ENTITIES, { of: of.slice(0, 2) });
  expect(audience.data?._entities).toEqual([{ id, name: 'Friday' }, null]);
  for (const who of [user('u9'), ANONYMOUS, audienceOf('r_other')]) {
    const { data } = await ask(rooms.subgraph, who, ENTITIES, { of: of.slice(0, 2) });
    expect(data?._entities).toEqual([null, null]);
  }
  for (const who of [user('u1'), ANONYMOUS, audienceOf(id)]) {
    const { errors } = await ask(rooms.subgraph, who, ENTITIES, { of: of.slice(2) });
    expect(errors?.[0]?.originalError).toMatchObject({ code: 'FORBIDDEN' });
  }
});

test('the replay field gives events as plain JSON', async () => {
  const { id } = await roomWith(rooms, 'u2');
  const source = 'query ($id: ID!, $after: Int) { roomEventsSince(roomId: $id, afterRevision: $after) }';
  const { data } = await ask(rooms.subgraph, user('u2'), source, { id, after: 1 });
  expect(data?.roomEventsSince).toMatchObject([
    { roomId: id, revision: 2, type: 'room.member.changed', actorId: 'u2', data: { userId: 'u2', change: 'JOINED' } },
  ]);
});

test('messages page back', async () => {
  const { id } = await roomWith(rooms);
  for (const text of ['one', 'two', 'three']) {
    await rooms.as('u1').rooms.sendMessage(user('u1'), { roomId: id, commandId: text, text });
  }
  const source =
    'query ($id: ID!, $last: Int!, $before: Int) { room(id: $id) { messages(last: $last, beforeRevision: $before) { text } } }';
  const page = async (last: number, before: number | null) =>
    ask(rooms.subgraph, user('u1'), source, { id, last, before });
  expect((await page(2, null)).data?.room).toEqual({ messages: [{ text: 'two' }, { text: 'three' }] });
  expect((await page(2, 3)).data?.room).toEqual({ messages: [{ text: 'one' }] });
  expect((await page(0, null)).errors?.[0]?.originalError).toMatchObject({ code: 'BAD_USER_INPUT' });
});

test('every type, field, argument and value says what it is, and the door for replay is the gateway’s alone', () => {
  const own = Object.values(rooms.subgraph.schema.getTypeMap()).filter(
    ({ name }) => !/^(_|federation__|link__)/.test(name) && !['String', 'Int', 'Float', 'Boolean', 'ID'].includes(name),
  );
  const silent: string[] = [];
  const check = (name: string, part: { description?: string | null }) => {
    if (!part.description) silent.push(name);
  };
  for (const type of own) {
    check(type.name, type);
    if (isEnumType(type)) for (const value of type.getValues()) check(`${type.name}.${value.name}`, value);
    if (!isObjectType(type) && !isInputObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.name.startsWith('_')) continue;
      check(`${type.name}.${field.name}`, field);
      if ('args' in field) for (const arg of field.args) check(`${type.name}.${field.name}(${arg.name})`, arg);
    }
  }
  expect(silent).toEqual([]);
  const sdl = readFileSync(new URL('../../../schema/room.graphql', import.meta.url), 'utf8');
  expect(sdl).toMatch(/roomEventsSince\([^)]*\): \[EventJSON!\]!\s+@inaccessible/);
});

test('what many requests ask for at once is one read, and never one from before they asked', async () => {
  const made = [await roomWith(rooms), await roomWith(rooms), await roomWith(rooms)];
  const revisionOf = async (id: string) => {
    const { data } = await ask(rooms.subgraph, audienceOf(id), 'query ($id: ID!) { room(id: $id) { revision } }', {
      id,
    });
    return (data?.room as { revision: number } | null | undefined)?.revision;
  };
  reads = [];
  const answers = await Promise.all(Array.from({ length: 60 }, (_, index) => revisionOf(made[index % 3]?.id ?? '')));
  expect(new Set(answers)).toEqual(new Set([1]));
  expect(reads.filter((name) => name === 'rooms')).toHaveLength(1);

  const id = made[0]?.id ?? '';
  const early = revisionOf(id);
  const said = await rooms.as('u1').rooms.sendMessage(user('u1'), { roomId: id, commandId: 'm1', text: 'hello' });
  expect(await revisionOf(id)).toBe(said.revision);
  expect([1, 2]).toContain(await early);
});
