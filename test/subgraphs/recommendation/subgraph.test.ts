/** The subgraph over embedded ports, asked through GraphQL: from an event on the log to a changed list. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { graphql } from 'graphql';
import { ANONYMOUS, type Identity } from '../../../platform/identity.ts';
import type { LoggedEvent } from '../../../platform/ports/event-log.ts';
import type { Collection, Store, StoredDocument } from '../../../platform/ports/store.ts';
import type { Subgraph } from '../../../platform/subgraph.ts';
import { AppError } from '../../../schema/errors.ts';
import type { RecommendationChange } from '../../../schema/events/recommendation-change.ts';
import { createRecommendationSubgraph } from '../../../subgraphs/recommendation/subgraph.ts';
import { eventually } from '../../support/eventually.ts';
import { openTestPorts, type TestPorts } from '../../support/ports.ts';
import { added, NOW, someWorks } from './works.ts';

const WORKS = someWorks(['comedy', 'crime', 'drama', 'music'], 12);
const HOUR_MS = 3_600_000;
const as = (userId: string): Identity => ({ ...ANONYMOUS, userId });

let ports: TestPorts;
let subgraph: Subgraph;
let profileReads: number;

/** Counts reads of profiles. */
const counting = (store: Store): Store => ({
  ping: () => store.ping(),
  close: () => store.close(),
  collection<T extends StoredDocument>(name: string): Collection<T> {
    const collection = store.collection<T>(name);
    if (name !== 'user_profiles') return collection;
    return new Proxy(collection, {
      get(target, property) {
        if (property === 'find' || property === 'findOne') profileReads += 1;
        const member: unknown = Reflect.get(target, property);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
  },
});

beforeEach(async () => {
  ports = await openTestPorts();
  await ports.log.publish('content_changes', WORKS.map(added));
  subgraph = createRecommendationSubgraph({ ...ports, store: counting(ports.store) });
  await subgraph.start();
  profileReads = 0;
});
afterEach(async () => {
  await subgraph.stop();
  await ports.close();
});

/** `T` is what the question asks for; null where it could not be answered. */
async function ask<T>(identity: Identity, source: string, variableValues: Record<string, unknown> = {}) {
  const contextValue = subgraph.createContext(identity);
  const { data, errors } = await graphql({ schema: subgraph.schema, source, variableValues, contextValue });
  const codes = (errors ?? []).map(({ originalError, extensions }) =>
    originalError instanceof AppError ? originalError.code : (extensions['code'] ?? 'GRAPHQL'),
  );
  return { data: JSON.parse(JSON.stringify(data ?? null)) as T, codes };
}

interface Recorded {
  recordInteractions: { accepted: number; rejected: { index: number; code: string }[] };
}
interface Listed {
  recommendations: { content: { id: string }; reason: string; timeContext: string }[];
}

const RECORD = `mutation ($events: [InteractionInput!]!) {
  recordInteractions(events: $events) { accepted rejected { index code message } }
}`;

const interactionCountOf = (userId: string) =>
  ask<{ viewer: { summary: { interactionCount: number } } }>(
    as(userId),
    '{ viewer { summary { interactionCount } } }',
  ).then(({ data }) => data.viewer.summary.interactionCount);

const learned = (userId: string, count: number) => eventually(async () => (await interactionCountOf(userId)) === count);

async function lettersOf(topic: string): Promise<LoggedEvent[]> {
  const found: LoggedEvent[] = [];
  for await (const event of ports.log.read({ topic, partition: 0, fromOffset: 0 })) found.push(event);
  return found;
}

describe('learning', () => {
  test('what an app records changes its user’s list, and that is announced', async () => {
    const changes: RecommendationChange[] = [];
    const tail = await ports.log.tail({ topic: 'recommendation_changes', from: 'now' }, ({ value }) => {
      changes.push(JSON.parse(String(value)));
    });
    const list = '{ recommendations(first: 5) { content { id } reason score } }';
    const before = await ask<Listed>(as('ada'), list);
    const events = Array.from({ length: 8 }, (_, i) => ({
      type: 'COMPLETE',
      contentId: `crime-${i}`,
      platform: 'NETFLIX',
      timestamp: new Date(NOW - i * 24 * HOUR_MS).toISOString(),
    }));
    const recorded = await ask<Recorded>(as('ada'), RECORD, { events });
    expect(recorded.data.recordInteractions).toEqual({ accepted: 8, rejected: [] });
    await eventually(() => changes.some(({ userId, interactionCount }) => userId === 'ada' && interactionCount === 8));
    const after = await ask<Listed>(as('ada'), list);
    expect(after.codes).toEqual([]);
    expect(after.data).not.toEqual(before.data);
    expect(after.data.recommendations[0]?.content.id).toMatch(/^crime-/);
    expect(after.data.recommendations.map(({ reason }) => reason).join()).toMatch(/crime/);
    await tail.close();
  });

  test('takes the public shape from outside, by the platform’s own id', async () => {
    const event = {
      user_id: '01',
      event_type: 'watch',
      content_id: 'p-1-crime',
      content_platform: 'prime_video',
      context_data: { title: 'Some crime', genres: ['sci-fi', 'thriller'], mood_tags: ['intense'] },
      timestamp: '2025-06-24T09:30:00Z',
      watchProgress: 0.6,
    };
    await ports.log.publish('user_events', [{ key: '01', value: JSON.stringify(event) }]);
    await learned('01', 1);
    const { data } = await ask<{ viewer: { continueWatching: unknown } }>(
      as('01'),
      '{ viewer { continueWatching { content { id } progress } } }',
    );
    expect(data.viewer.continueWatching).toEqual([{ content: { id: 'crime-1' }, progress: 0.6 }]);
  });

  test('bad events go to the dead letters and stop nothing', async () => {
    const good = { user_id: 'eve', event_type: 'watch', content_id: 'crime-1', timestamp: '2026-06-24T08:00:00Z' };
    const bad = [
      'null',
      '{',
      JSON.stringify({ ...good, watchProgress: 7 }),
      JSON.stringify({ ...good, watchProgress: '85%' }),
      JSON.stringify({ ...good, timestamp: '1970-01-01T00:00:00Z' }),
      JSON.stringify({ ...good, timestamp: '2099-01-01T00:00:00Z' }),
      JSON.stringify({ ...good, user_id: 'e\u0000ve' }),
    ];
    const values = [...bad, JSON.stringify(good)];
    await ports.log.publish(
      'user_events',
      values.map((value) => ({ key: 'eve', value })),
    );
    await learned('eve', 1);
    await eventually(async () => (await lettersOf('user_events.dlq')).length >= bad.length);
    const letters = await lettersOf('user_events.dlq');
    expect(letters.map(({ value }) => String(value))).toEqual(bad);
  });

  test('a removed title is no longer offered', async () => {
    const ids = async () => {
      const { data } = await ask<Listed>(ANONYMOUS, '{ recommendations(first: 100) { content { id } } }');
      return data.recommendations.map(({ content }) => content.id);
    };
    expect(await ids()).toHaveLength(WORKS.length);
    await ports.log.publish('content_changes', [{ key: 'crime-3', value: null }]);
    await eventually(async () => {
      ports.clock.advance(1_000);
      return !(await ids()).includes('crime-3');
    });
    expect(await ids()).toHaveLength(WORKS.length - 1);
  });

  test('what was watched before two works became one is known of that one', async () => {
    const play = (contentId: string, watchProgress: number, minutes: number) =>
      JSON.stringify({
        user_id: 'ada',
        event_type: 'watch',
        content_id: contentId,
        timestamp: new Date(NOW - minutes * 60_000).toISOString(),
        watchProgress,
      });
    const values = [play('crime-3', 1, 90), play('drama-1', 0.4, 60), play('drama-2', 0.6, 30)];
    await ports.log.publish(
      'user_events',
      values.map((value) => ({ key: 'ada', value })),
    );
    await learned('ada', 3);
    const merged = ([id, mergedInto]: readonly [string, string]) => {
      const change = { kind: 'REMOVED', contentId: id, platforms: [], genres: [], at: NOW, work: null, mergedInto };
      return { key: id, value: JSON.stringify(change) };
    };
    await ports.log.publish('content_changes', [merged(['crime-3', 'crime-4']), merged(['drama-1', 'drama-2'])]);
    const asked = `{
      recommendations(first: 48) { content { id } }
      viewer { continueWatching { content { id } progress } }
    }`;
    const now = await eventually(async () => {
      ports.clock.advance(1_000);
      const { data } = await ask<Listed & { viewer: { continueWatching: object[] } }>(as('ada'), asked);
      const offered = data.recommendations.map(({ content }) => content.id);
      return offered.includes('crime-3') || offered.includes('crime-4') ? undefined : data;
    });
    expect(now.viewer.continueWatching).toEqual([{ content: { id: 'drama-2' }, progress: 0.6 }]);
  });
});

describe('recordInteractions', () => {
  test('says of each event what is wrong with it', async () => {
    const contentId = 'crime-1';
    const { data } = await ask<Recorded>(as('ada'), RECORD, {
      events: [
        { type: 'WATCH', contentId },
        { type: 'WATCH', contentId: 'nothing' },
        { type: 'WATCH', contentId, watchProgress: 7 },
        { type: 'WATCH', contentId, platform: 'youtube' },
        { type: 'WATCH', contentId, timeZone: 'Mars/Olympus' },
        { type: 'WATCH', contentId, timestamp: '2099-01-01T00:00:00Z' },
        { type: 'PAUSE', contentId, positionMs: 2_000, durationMs: 1_000 },
        { type: 'WATCH', contentId, eventId: '' },
      ],
    });
    const { accepted, rejected } = data.recordInteractions;
    expect(accepted).toBe(1);
    expect(rejected.map(({ index, code }) => [index, code])).toEqual([
      [1, 'NOT_FOUND'],
      [2, 'BAD_USER_INPUT'],
      [3, 'BAD_USER_INPUT'],
      [4, 'BAD_USER_INPUT'],
      [5, 'BAD_USER_INPUT'],
      [6, 'POSITION_OUT_OF_RANGE'],
      [7, 'BAD_USER_INPUT'],
    ]);
  });

  test('takes 500 events, not 501, and none from nobody', async () => {
    const events = Array.from({ length: 501 }, () => ({ type: 'WATCH', contentId: 'crime-1' }));
    expect((await ask<Recorded>(as('ada'), RECORD, { events })).codes).toEqual(['BAD_USER_INPUT']);
    expect((await ask<Recorded>(as('ada'), RECORD, { events: events.slice(1) })).data.recordInteractions.accepted).toBe(
      500,
    );
    expect((await ask(ANONYMOUS, RECORD, { events: events.slice(1) })).codes).toEqual(['UNAUTHENTICATED']);
  });

  test('an event id of one user says nothing of another’s, and repeats count once', async () => {
    const events = [1, 2].map(() => ({ eventId: 'same', type: 'WATCH', contentId: 'crime-1', watchProgress: 0.5 }));
    await ask<Recorded>(as('ada'), RECORD, { events });
    await ask(as('bob'), RECORD, { events });
    await learned('ada', 1);
    await learned('bob', 1);
    expect(await ports.store.collection('user_interactions').countDocuments({})).toBe(2);
  });
});

describe('User', () => {
  const ENTITY = `query ($users: [_Any!]!) {
    _entities(representations: $users) { ... on User { id temporalPreferences { window preferredGenres { genre { id name } } contentCount avgEngagement } } }
  }`;

  test('has always the four windows, in order', async () => {
    const { data, codes } = await ask<{ _entities: { temporalPreferences: { window: string }[] }[] }>(
      as('ada'),
      ENTITY,
      { users: [{ __typename: 'User', id: 'ada' }] },
    );
    expect(codes).toEqual([]);
    const windows = data._entities[0]?.temporalPreferences ?? [];
    expect(windows.map(({ window }) => window)).toEqual(['MORNING', 'AFTERNOON', 'EVENING', 'NIGHT']);
    expect(windows[0]).toEqual({ window: 'MORNING', preferredGenres: [], contentCount: 0, avgEngagement: 0 });
  });

  test.each(['temporalPreferences { window }', 'summary { interactionCount }', 'continueWatching { progress }'])(
    'keeps %s from others, and reads nothing for them',
    async (field) => {
      const query = `query ($users: [_Any!]!) { _entities(representations: $users) { ... on User { id ${field} } } }`;
      for (const identity of [as('bob'), ANONYMOUS, { ...ANONYMOUS, audience: 'social_rooms:r1' }]) {
        const { codes } = await ask(identity, query, { users: [{ __typename: 'User', id: 'ada' }] });
        expect(codes).toEqual(['FORBIDDEN']);
      }
      expect(profileReads).toBe(0);
    },
  );

  test('viewer is for who is signed in', async () => {
    expect((await ask(ANONYMOUS, '{ viewer { id } }')).codes).toEqual(['UNAUTHENTICATED']);
    expect((await ask(as('ada'), '{ viewer { id } }')).data).toEqual({ viewer: { id: 'ada' } });
  });
});

describe('Room', () => {
  const SUGGESTIONS = `query ($rooms: [_Any!]!) {
    _entities(representations: $rooms) { ... on Room { suggestions(first: 3) { content { id } score memberScores reason } } }
  }`;
  const room = (id: string, ...memberIds: string[]) => ({ __typename: 'Room', id, memberIds });

  test('suggestions for two rooms read all their members at once', async () => {
    const rooms = [room('r1', 'ada', 'bob'), room('r2', 'ada', 'cleo')];
    const { data, codes } = await ask<{ _entities: { suggestions: { memberScores: number[] }[] }[] }>(
      as('ada'),
      SUGGESTIONS,
      { rooms },
    );
    expect(codes).toEqual([]);
    expect(profileReads).toBe(1);
    for (const { suggestions } of data._entities) {
      expect(suggestions).toHaveLength(3);
      expect(suggestions[0]?.memberScores).toHaveLength(2);
    }
  });

  test('suggestions are for members and the room’s own audience', async () => {
    const rooms = [room('r1', 'ada', 'bob')];
    expect((await ask(as('eve'), SUGGESTIONS, { rooms })).codes).toEqual(['FORBIDDEN']);
    const audience = (key: string) => ask({ ...ANONYMOUS, audience: `social_rooms:${key}` }, SUGGESTIONS, { rooms });
    expect((await audience('r2')).codes).toEqual(['FORBIDDEN']);
    expect((await audience('r1')).codes).toEqual([]);
  });
});

describe('cold start and bounds', () => {
  test('favourite genres change the list before anything was watched', async () => {
    const set = await ask<{ setFavouriteGenres: unknown }>(
      as('new'),
      'mutation { setFavouriteGenres(genres: ["music"]) { id summary { favouriteGenres { genre { id } } } } }',
    );
    expect(set.data.setFavouriteGenres).toEqual({
      id: 'new',
      summary: { favouriteGenres: [{ genre: { id: 'music' } }] },
    });
    const { data } = await ask<Listed>(as('new'), '{ recommendations(first: 1) { content { id } reason } }');
    expect(data.recommendations).toEqual([
      { content: { id: expect.stringMatching(/^music-/) }, reason: 'You named music a favourite' },
    ]);
    expect((await ask(as('new'), 'mutation { setFavouriteGenres(genres: ["nonsense"]) { id } }')).codes).toEqual([
      'BAD_USER_INPUT',
    ]);
  });

  test.each([
    '{ recommendations(first: 0) { rank } }',
    '{ recommendations(first: 101) { rank } }',
    '{ home(rows: 13) { id } }',
    '{ home(perRow: 51) { id } }',
    '{ recommendations(timeZone: "Mars/Olympus") { rank } }',
    '{ recommendations(at: "yesterday") { rank } }',
    '{ recommendations(filter: { platforms: ["youtube"] }) { rank } }',
    '{ recommendations(filter: { maxMinAge: -1 }) { rank } }',
    '{ viewer { continueWatching(first: 0) { progress } } }',
  ])('refuses %s', async (query) => {
    expect((await ask(as('ada'), query)).codes).toEqual(['BAD_USER_INPUT']);
  });

  test.each([
    ['', 'MORNING'],
    ['(timeZone: "Asia/Kolkata")', 'AFTERNOON'],
    ['(at: "2026-06-24T18:00:00+05:30")', 'EVENING'],
    ['(at: "2026-06-24T23:30:00Z", timeZone: "UTC")', 'NIGHT'],
  ])('recommendations%s are for the %s', async (given, window) => {
    const { data } = await ask<Listed>(as('ada'), `{ recommendations${given} { timeContext } }`);
    expect(data.recommendations[0]).toEqual({ timeContext: window });
  });

  test('any spelling of a platform filters', async () => {
    for (const name of ['prime_video', 'PRIME_VIDEO', 'Prime Video']) {
      const { data } = await ask<{ home: { items: { content: { id: string } }[] }[] }>(
        as('ada'),
        `{ home(filter: { platforms: ["${name}"] }) { kind items { content { id } } } }`,
      );
      expect(data.home.length).toBeGreaterThan(0);
      for (const { items } of data.home)
        for (const { content } of items) expect(Number(content.id.split('-')[1]) % 3).toBe(1);
    }
  });
});
