/** Another person's room, profile and interactions: by id, by subscription, by what a stranger can put into an argument. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RealSystem, startRealSystem } from './real-system.ts';

let system: RealSystem;
let room: { id: string; code: string; name: string };
beforeAll(async () => {
  system = await startRealSystem();
  const { data } = await system.api.ask(
    'ann',
    'mutation { createRoom(input: { commandId: "c1", name: "Annssecretroom" }) { room { id code name } } }',
  );
  room = data.createRoom.room;
  await system.api.ask(
    'ann',
    'mutation ($id: ID!) { sendMessage(input: { roomId: $id, commandId: "c2", text: "psst-xyzzy" }) { outcome } }',
    {
      id: room.id,
    },
  );
}, 120_000);
afterAll(() => system?.stop());

const SECRETS = () => new RegExp(`Annssecretroom|psst-xyzzy|${room.code}`);

test('her own room she sees', async () => {
  const { data } = await system.api.ask('ann', 'query ($id: ID!) { room(id: $id) { name code messages { text } } }', {
    id: room.id,
  });
  expect(JSON.stringify(data)).toMatch(SECRETS());
});

test.each([
  ['by id', 'query ($id: ID!) { room(id: $id) { name code messages { text } members { displayName } } }'],
  [
    'by a command',
    'mutation ($id: ID!) { play(input: { roomId: $id, commandId: "x1" }) { outcome room { name code } } }',
  ],
  [
    'by changing it',
    'mutation ($id: ID!) { updateRoom(input: { roomId: $id, commandId: "x2", name: "Mine" }) { outcome room { name code } } }',
  ],
  [
    'by moderating',
    'mutation ($id: ID!) { moderate(input: { roomId: $id, commandId: "x3", action: ROTATE_CODE }) { outcome room { code } } }',
  ],
  [
    'by a message',
    'mutation ($id: ID!) { sendMessage(input: { roomId: $id, commandId: "x4", text: "hi" }) { outcome room { messages { text } } } }',
  ],
  ['by leaving', 'mutation ($id: ID!) { leaveRoom(roomId: $id) { outcome room { name } } }'],
  ['by its suggestions', 'query ($id: ID!) { room(id: $id) { suggestions { content { title } } memberIds } }'],
])('a stranger’s way to another’s room is closed: %s', async (_way, query) => {
  for (const who of ['eve', null]) {
    const answer = await system.api.ask(who, query, { id: room.id });
    expect(JSON.stringify(answer)).not.toMatch(SECRETS());
    expect(JSON.stringify(answer)).not.toContain('"APPLIED"');
    expect(answer.errors ?? [{}]).not.toContainEqual(
      expect.objectContaining({ extensions: { code: 'INTERNAL_SERVER_ERROR' } }),
    );
  }
});

test('by subscription, too; and a room that is not hers and one that is not there are told in the same words', async () => {
  const query =
    'subscription ($id: ID!) { roomEvents(roomId: $id, afterRevision: 0) { __typename ... on MessagePosted { text } } }';
  const errors = async (id: string) => {
    const stream = await system.api.watch('eve', query, { id });
    return stream.next().then(
      () => null,
      (refused: { message: string; extensions: object }[]) =>
        refused.map(({ message, extensions }) => ({ message, extensions })),
    );
  };
  const hers = await errors(room.id);
  expect(hers).toMatchObject([{ extensions: { code: expect.stringMatching(/FORBIDDEN|NOT_FOUND/) } }]);
  expect(JSON.parse(JSON.stringify(hers).replaceAll(room.id, 'r_none'))).toEqual(await errors('r_none'));
});

test('what a field of the gateway’s own would let her in by is not in the API', async () => {
  for (const query of [
    '{ _entities(representations: []) { __typename } }',
    '{ _service { sdl } }',
    '{ roomEventsSince(roomId: "x") }',
    '{ node(id: "x") { id } }',
    '{ user(id: "ann") { id } }',
  ]) {
    expect((await system.api.ask('eve', query)).errors).toMatchObject([
      { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ]);
  }
});

test('a co-viewer’s User has no profile but their own: rooms, taste and progress are refused', async () => {
  const joined = await system.api.ask(
    'bob',
    'mutation ($code: String!) { joinRoom(input: { code: $code }) { outcome } }',
    { code: room.code },
  );
  expect(joined.data.joinRoom.outcome).toBe('APPLIED');
  for (const field of [
    'rooms { id }',
    'summary { interactionCount }',
    'continueWatching { progress }',
    'temporalPreferences { window }',
  ]) {
    const { data, errors } = await system.api.ask(
      'bob',
      `query ($id: ID!) { room(id: $id) { members { userId user { ${field} } } } }`,
      { id: room.id },
    );
    const ofAnn = data?.room?.members?.find((each: { userId: string }) => each.userId === 'ann');
    expect([field, ofAnn?.user ?? null]).toEqual([field, null]);
    expect(errors?.some((each) => /FORBIDDEN|NOT_FOUND|UNAUTHENTICATED/.test(String(each.extensions['code'])))).toBe(
      true,
    );
  }
});

test('query operators, prototype keys and odd text in ids, filters and cursors find nothing and break nothing', async () => {
  const odd = [
    '{"$ne":null}',
    '$where',
    '__proto__',
    'constructor',
    '../../etc/passwd',
    "' OR 1=1 --",
    '.*',
    '\u0000',
    '\ud800',
    '\u202e',
    '🙂'.repeat(50),
    ' ',
    '%00',
    'a'.repeat(5_000),
  ];
  for (const text of odd) {
    const answer = await system.api.ask(
      'eve',
      /* GraphQL */ `query ($id: ID!, $text: String!) {
        content(id: $id) { title }
        room(id: $id) { name }
        byPlatform: contentByPlatformId(platform: NETFLIX, platformId: $id) { title }
        catalogue(filter: { genres: [$id], country: $text }, first: 1) { totalCount }
        search(query: $text, filter: { genres: [$id] }, first: 1) { totalCount }
        suggest(prefix: $text, first: 1) { text }
        after: catalogue(first: 1, after: $text) { totalCount }
      }`,
      { id: text, text },
    );
    expect([text, answer.data?.content ?? null, answer.data?.room ?? null, answer.data?.byPlatform ?? null]).toEqual([
      text,
      null,
      null,
      null,
    ]);
    const codes = (answer.errors ?? []).map((each) => each.extensions['code']);
    expect([text, codes.filter((code) => code === 'INTERNAL_SERVER_ERROR')]).toEqual([text, []]);
  }
  for (const id of [{ $ne: null }, { $gt: '' }, [{ $ne: 1 }]]) {
    const { errors } = await system.api.ask('eve', 'query ($id: ID!) { room(id: $id) { name } }', { id });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  }
  expect(system.logged).toEqual([]);
});
