/** What must work end to end, however the system was started: one process on embedded adapters, or four on real services. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Api } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';

export interface RunningSystem {
  readonly url: string;
  stop(): Promise<void>;
}

const ROOM_EVENTS = /* GraphQL */ `
  subscription Watch($roomId: ID!, $afterRevision: Int) {
    roomEvents(roomId: $roomId, afterRevision: $afterRevision) {
      __typename
      revision
      actorId
      room { name members { displayName } }
      ... on RoomSnapshot { playback { status positionMs } }
      ... on PlaybackChanged { commandId playback { status positionMs effectiveAt content { title similar(first: 1) { similarity } } } }
      ... on MessagePosted { text }
    }
  }
`;

const id = () => crypto.randomUUID();

export function endToEndSuite(start: () => Promise<RunningSystem>): void {
  let system: RunningSystem;
  let api: Api;

  beforeAll(async () => {
    system = await start();
    api = new Api(system.url);
    // A distributed system learns the demo household in the background.
    await eventually(async () => {
      const { data } = await api.ask(
        '01',
        '{ home { id } catalogue(first: 1) { totalCount } viewer { summary { interactionCount } } }',
      );
      return data?.home?.length > 3 && data.catalogue.totalCount > 600 && data.viewer.summary.interactionCount > 40;
    }, 60_000);
  }, 120_000);
  afterAll(async () => {
    await api?.close();
    await system?.stop();
  });

  async function someWork(): Promise<{ id: string; title: string }> {
    const { data } = await api.ask(
      '01',
      '{ search(query: "stranger things", first: 1) { edges { node { id title } } } }',
    );
    return data.search.edges[0].node;
  }

  async function openRoom(owner: string): Promise<{ id: string; code: string }> {
    const { data, errors } = await api.ask(
      owner,
      'mutation ($input: CreateRoomInput!) { createRoom(input: $input) { outcome room { id code } } }',
      { input: { commandId: id(), name: 'Friday', contentId: (await someWork()).id } },
    );
    expect(errors).toBeUndefined();
    expect(data.createRoom.outcome).toBe('APPLIED');
    return data.createRoom.room;
  }

  const join = (user: string, code: string) =>
    api.ask(user, 'mutation ($code: String!) { joinRoom(input: { code: $code }) { outcome room { id memberIds } } }', {
      code,
    });

  const command = (user: string, name: string, type: string, input: object) =>
    api.ask(user, `mutation ($input: ${type}!) { ${name}(input: $input) { outcome revision } }`, {
      input: { commandId: id(), ...input },
    });

  test('the home page is answered by the subgraphs together: rows with reasons, works with offers', async () => {
    const { data, errors } = await api.ask(
      '01',
      /* GraphQL */ `{
        home(rows: 6, perRow: 5) {
          kind title
          items { rank score reason timeContext content { id title genres { name } offers { platform deepLink { web fireTv } } } }
        }
      }`,
    );
    expect(errors).toBeUndefined();
    expect(data.home.length).toBeGreaterThan(3);
    const items = data.home.flatMap((row: { items: unknown[] }) => row.items);
    expect(items.length).toBeGreaterThan(10);
    for (const item of items) {
      expect(item).toMatchObject({
        reason: expect.stringMatching(/\w/),
        content: { title: expect.stringMatching(/\w/) },
      });
      expect(item.content.offers.length).toBeGreaterThan(0);
      expect(item.content.offers[0].deepLink).toMatchObject({
        web: expect.stringMatching(/^https:/),
        fireTv: expect.stringMatching(/^intent:/),
      });
    }
  });

  test('a search finds a title with its offers, and what is like it', async () => {
    const { data, errors } = await api.ask(
      null,
      '{ search(query: "brooklyn nine", first: 3) { totalCount edges { node { title offers { platform } similar(first: 3) { content { title } } } } } }',
    );
    expect(errors).toBeUndefined();
    const [first] = data.search.edges;
    expect(first.node.title).toBe('Brooklyn Nine-Nine');
    expect(first.node.offers.length).toBeGreaterThan(0);
    expect(first.node.similar.length).toBeGreaterThan(0);
  });

  test('one query over all three subgraphs', async () => {
    const room = await openRoom('01');
    const { data, errors } = await api.ask(
      '01',
      /* GraphQL */ `query ($id: ID!) {
        room(id: $id) {
          name
          members { displayName role }
          playback { status content { title offers { platform } similar(first: 2) { similarity content { title } } } }
          suggestions(first: 3) { reason content { title } }
        }
        viewer { id rooms { id } temporalPreferences { window preferredGenres { genre { name } share } } }
      }`,
      { id: room.id },
    );
    expect(errors).toBeUndefined();
    expect(data.room.playback.content.title).toBe((await someWork()).title);
    expect(data.room.playback.content.offers.length).toBeGreaterThan(0);
    expect(data.room.playback.content.similar.length).toBe(2);
    expect(data.room.suggestions.length).toBe(3);
    expect(data.viewer.rooms).toContainEqual({ id: room.id });
    expect(data.viewer.temporalPreferences.map((each: { window: string }) => each.window)).toEqual([
      'MORNING',
      'AFTERNOON',
      'EVENING',
      'NIGHT',
    ]);
  });

  test('two sockets in one room see the same, in order, with fields of two other subgraphs; a third is refused', async () => {
    const room = await openRoom('01');
    expect((await join('02', room.code)).data.joinRoom.outcome).toBe('APPLIED');
    const one = await api.watch('01', ROOM_EVENTS, { roomId: room.id });
    const two = await api.watch('02', ROOM_EVENTS, { roomId: room.id });
    const [first, second] = [await one.next(), await two.next()];
    expect(first.data.roomEvents).toMatchObject({ __typename: 'RoomSnapshot', room: { name: 'Friday' } });
    expect(second.data.roomEvents.revision).toBe(first.data.roomEvents.revision);

    const roomId = room.id;
    for (const [name, type, input] of [
      ['play', 'PlayInput', { roomId }],
      ['seek', 'SeekInput', { roomId, positionMs: 60_000 }],
      ['pause', 'PauseInput', { roomId }],
      ['sendMessage', 'SendMessageInput', { roomId, text: 'popcorn?' }],
    ] as const) {
      const { data, errors } = await command(name === 'pause' ? '02' : '01', name, type, input);
      expect({ name, errors, outcome: data?.[name].outcome }).toEqual({ name, errors: undefined, outcome: 'APPLIED' });
    }
    const [ofOne, ofTwo] = [await one.take(4), await two.take(4)];
    expect(ofTwo).toEqual(ofOne);
    const events = ofOne.map((frame) => frame.data.roomEvents);
    const revisions = events.map((event) => event.revision);
    expect(revisions).toEqual(revisions.map((_, index) => first.data.roomEvents.revision + 1 + index));
    expect(events.map((event) => event.playback?.status ?? event.text)).toEqual([
      'PLAYING',
      'PLAYING',
      'PAUSED',
      'popcorn?',
    ]);
    expect(events[2].playback).toMatchObject({
      content: { title: (await someWork()).title, similar: [{ similarity: expect.any(Number) }] },
    });
    expect(events[2].actorId).toBe('02');
    expect(ofOne.every((frame) => frame.errors === undefined)).toBe(true);

    const stranger = await api.watch('03', ROOM_EVENTS, { roomId });
    await expect(stranger.next()).rejects.toMatchObject([
      { extensions: { code: expect.stringMatching(/FORBIDDEN|NOT_FOUND/) } },
    ]);
    expect((await api.ask('03', 'query ($id: ID!) { room(id: $id) { name } }', { id: roomId })).data.room).toBeNull();
  });

  test('a client that comes back after a revision gets what it missed, then goes on live', async () => {
    const room = await openRoom('04');
    const roomId = room.id;
    const before = await api.watch('04', ROOM_EVENTS, { roomId });
    const { revision } = (await before.next()).data.roomEvents;
    for (const text of ['one', 'two', 'three'])
      await command('04', 'sendMessage', 'SendMessageInput', { roomId, text });
    const after = await api.watch('04', ROOM_EVENTS, { roomId, afterRevision: revision + 1 });
    expect((await after.take(2)).map((frame) => frame.data.roomEvents.text)).toEqual(['two', 'three']);
    await command('04', 'sendMessage', 'SendMessageInput', { roomId, text: 'four' });
    expect((await after.next()).data.roomEvents.text).toBe('four');
  });

  test('who leaves a room gets the event, and nothing after it', async () => {
    const room = await openRoom('05');
    await join('06', room.code);
    const leaver = await api.watch('06', ROOM_EVENTS, { roomId: room.id });
    await leaver.next();
    await api.ask('06', 'mutation ($id: ID!) { leaveRoom(roomId: $id) { outcome } }', { id: room.id });
    expect((await leaver.next()).data.roomEvents.__typename).toBe('MemberChanged');
    await expect(leaver.next()).rejects.toMatchObject([
      { extensions: { code: expect.stringMatching(/FORBIDDEN|NOT_FOUND/) } },
    ]);
  });

  test('what a viewer watches changes their list: the stream says so, the next request shows it', async () => {
    const work = await someWork();
    const changes = await api.watch(
      '12',
      'subscription { recommendationsChanged { interactionCount user { id summary { interactionCount } } } }',
    );
    const recorded = eventually(async () => {
      // Asked again until the socket is attached: an event before that is not for it.
      const { data } = await api.ask(
        '12',
        'mutation ($id: ID!) { recordInteractions(events: [{ type: WATCH, contentId: $id, watchProgress: 0.4, positionMs: 60000, durationMs: 150000 }]) { accepted rejected { message } } }',
        { id: work.id },
      );
      expect(data.recordInteractions).toEqual({ accepted: 1, rejected: [] });
      return true;
    });
    await recorded;
    const again = setInterval(
      () =>
        void api.ask(
          '12',
          'mutation ($id: ID!) { recordInteractions(events: [{ type: LIKE, contentId: $id }]) { accepted } }',
          { id: work.id },
        ),
      1_000,
    );
    const frame = await changes.next().finally(() => clearInterval(again));
    expect(frame.errors).toBeUndefined();
    expect(frame.data.recommendationsChanged.user.id).toBe('12');
    await eventually(async () => {
      const { data } = await api.ask(
        '12',
        '{ viewer { continueWatching { progress content { id } } } recommendations(first: 50) { content { id } } }',
      );
      const watching = data.viewer.continueWatching.map((each: { content: { id: string } }) => each.content.id);
      const listed = data.recommendations.map((each: { content: { id: string } }) => each.content.id);
      return watching.includes(work.id) && !listed.includes(work.id);
    });
  });

  test('errors are clear: not signed in, not yours, not there, not usable', async () => {
    const codes = async (user: string | null, query: string) =>
      (await api.ask(user, query)).errors?.map((error) => error.extensions['code']);
    expect(await codes(null, '{ viewer { id } }')).toEqual(['UNAUTHENTICATED']);
    expect(await codes('01', '{ catalogue(first: 100000) { totalCount } }')).toEqual(['BAD_USER_INPUT']);
    expect(await codes('01', '{ catalogue(after: "nonsense") { totalCount } }')).toEqual(['CURSOR_INVALID']);
    expect(await codes('01', '{ nope }')).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect((await api.ask('01', '{ content(id: "w_none") { title } }')).data).toEqual({ content: null });
  });
}
