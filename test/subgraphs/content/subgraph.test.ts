import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Store, StoredDocument } from '../../../platform/ports/store.ts';
import { deadLettersOf } from '../../../schema/events/topics.ts';
import { eventually } from '../../support/eventually.ts';
import { remove, upsert } from './records.ts';
import { type RunningContent, runContent, type WorkPage } from './running-content.ts';

let content: RunningContent;
let storeReads = 0;

const DAY_MS = 86_400_000;
const at = (days: number): string => new Date(Date.UTC(2026, 5, 24, 9, 30) + days * DAY_MS).toISOString();

const RECORDS = [
  upsert('netflix:101', 1, {
    ...{ title: 'Brooklyn Nine-Nine', type: 'series', runtimeMinutes: null, seasonCount: 8, releaseYear: 2021 },
    ...{ cast: ['Andy Samberg', 'Andre Braugher', 'Melissa Fumero'], genres: ['TV Comedies'], maturityLabel: 'TV-14' },
    ...{ description: 'A detective and his captain.', countries: ['United States'], addedAt: at(-1) },
  }),
  upsert('hotstar:1660010169', 1, {
    ...{ title: 'WALL·E', releaseYear: 2008, runtimeMinutes: 98, genres: ['Animation'], maturityLabel: 'U' },
    ...{ addedAt: at(-2), offerCountries: ['IN'], availableFrom: at(-10), availableUntil: at(10) },
  }),
  upsert('prime_video:B01ABCDEFG', 1, {
    ...{ title: 'WALL-E', edition: '4K UHD', releaseYear: 2008, runtimeMinutes: 97, maturityLabel: '7+' },
    ...{ monetization: 'rent', offerCountries: ['US'] },
  }),
  upsert('netflix:102', 1, { title: 'Les Misérables', releaseYear: 2012, genres: ['Dramas'], maturityLabel: 'PG-13' }),
  upsert('netflix:103', 1, { title: 'Unrated Thing', releaseYear: null, addedAt: at(-3) }),
  upsert('hotstar:104', 1, { title: 'Coming Soon', availableFrom: at(1) }),
  upsert('hotstar:105', 1, { title: 'Gone', availableUntil: at(0) }),
];

beforeAll(async () => {
  content = await runContent((ports) => ({ ...ports, store: countingReads(ports.store) }));
  await content.sync(RECORDS, 4);
});
afterAll(() => content.stop());

const titles = ({ edges }: WorkPage): string[] => edges.map(({ node }) => node.title);

async function idOf(query: string): Promise<string> {
  const source = 'query ($query: String!) { search(query: $query) { edges { node { id } } } }';
  const { search } = await content.get<{ search: WorkPage }>(source, { query });
  return search.edges[0]?.node.id ?? '';
}

describe('a work', () => {
  test('shows what its platforms say together', async () => {
    const id = await idOf('wall e');
    const fields = `type title alternativeTitles releaseYear runtimeMinutes seasonCount genres { id name } moodTags cast directors
      maturity { band minAge labels { platform label } } updatedAt
      offers { platform platformId title edition monetization countries availableFrom availableUntil lastSeenAt deepLink { web } }`;
    const { content: work } = await content.get<{ content: unknown }>(
      `query ($id: ID!) { content(id: $id) { ${fields} } }`,
      { id },
    );
    expect(work).toEqual({
      ...{ type: 'MOVIE', title: 'WALL·E', alternativeTitles: ['WALL-E'], releaseYear: 2008, runtimeMinutes: 98 },
      ...{
        seasonCount: null,
        genres: [{ id: 'animation', name: 'Animation' }],
        moodTags: ['playful'],
        cast: [],
        directors: [],
      },
      maturity: {
        ...{ band: 'UA_7', minAge: 7 },
        labels: [
          { platform: 'HOTSTAR', label: 'U' },
          { platform: 'PRIME_VIDEO', label: '7+' },
        ],
      },
      updatedAt: '2026-06-24T09:30:00.000Z',
      offers: [
        {
          ...{
            platform: 'HOTSTAR',
            platformId: '1660010169',
            title: 'WALL·E',
            edition: null,
            monetization: 'SUBSCRIPTION',
          },
          ...{ countries: ['IN'], availableFrom: at(-10), availableUntil: at(10), lastSeenAt: at(0) },
          deepLink: { web: 'https://www.hotstar.com/1660010169' },
        },
        {
          ...{ platform: 'PRIME_VIDEO', platformId: 'B01ABCDEFG', title: 'WALL-E (4K UHD)', edition: '4K UHD' },
          ...{ monetization: 'RENT', countries: ['US'], availableFrom: null, availableUntil: null, lastSeenAt: at(0) },
          deepLink: { web: 'https://www.primevideo.com/detail/B01ABCDEFG' },
        },
      ],
    });
  });

  test('shows offers by platform, country and window only', async () => {
    const query = `{ contentByPlatformId(platform: HOTSTAR, platformId: "1660010169") {
      india: offers(country: "in") { platform } prime: offers(platforms: [PRIME_VIDEO]) { platform } none: offers(country: "FR") { platform } } }`;
    expect(await content.get(query)).toEqual({
      contentByPlatformId: {
        ...{ india: [{ platform: 'HOTSTAR' }], prime: [{ platform: 'PRIME_VIDEO' }], none: [] },
      },
    });
    const soon = '{ contentByPlatformId(platform: HOTSTAR, platformId: "104") { title offers { platform } } }';
    expect(await content.get(soon)).toEqual({ contentByPlatformId: { title: 'Coming Soon', offers: [] } });
  });

  test('is null under an id nobody has', async () => {
    const query =
      '{ content(id: "w_none") { id } contentByPlatformId(platform: NETFLIX, platformId: "1660010169") { id } }';
    expect(await content.get(query)).toEqual({ content: null, contentByPlatformId: null });
  });
});

test('fifty references are one read of the store', async () => {
  const id = await idOf('brooklyn');
  const representations = Array.from({ length: 50 }, (_, i) => ({ __typename: 'Content', id: i % 2 ? id : `w_${i}` }));
  storeReads = 0;
  const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Content { title genres { id } } } }';
  const { _entities } = await content.get<{ _entities: unknown[] }>(query, { r: representations });
  expect(_entities[1]).toEqual({ title: 'Brooklyn Nine-Nine', genres: [{ id: 'comedy' }] });
  expect(_entities[2]).toBeNull();
  expect(storeReads).toBe(1);
});

describe('search', () => {
  const search = async (query: string, filter: object | null = null) =>
    (
      await content.get<{ search: WorkPage }>(
        `query ($query: String!, $filter: ContentFilter) { search(query: $query, filter: $filter) {
          totalCount edges { score matched cursor node { title } } facets { name values { value count } } } }`,
        { query, filter },
      )
    ).search;

  test.each([
    ['brooklyn nine', 'Brooklyn Nine-Nine', 'title'],
    ['brooklyn 99', 'Brooklyn Nine-Nine', 'title'],
    ['broklyn', 'Brooklyn Nine-Nine', 'title'],
    ['brook', 'Brooklyn Nine-Nine', 'title'],
    ['andy samberg', 'Brooklyn Nine-Nine', 'people'],
    ['wall e', 'WALL·E', 'title'],
    ['walle', 'WALL·E', 'title'],
    ['les miserables', 'Les Misérables', 'title'],
    ['LES MISÉRABLES!', 'Les Misérables', 'title'],
    ['drama', 'Les Misérables', 'genres'],
  ])('%p finds %p by its %s', async (query, title, field) => {
    const { edges } = await search(query);
    expect(edges[0]).toMatchObject({ node: { title }, matched: expect.arrayContaining([field]) });
    expect(edges[0]?.score).toBeGreaterThan(0);
  });

  test('counts facets over all that was found', async () => {
    const { facets, totalCount } = await search('wall e');
    expect(totalCount).toBe(1);
    expect(facets).toEqual([
      {
        name: 'platform',
        values: [
          { value: 'HOTSTAR', count: 1 },
          { value: 'PRIME_VIDEO', count: 1 },
        ],
      },
      { name: 'type', values: [{ value: 'MOVIE', count: 1 }] },
      { name: 'genre', values: [{ value: 'animation', count: 1 }] },
      { name: 'maturity', values: [{ value: 'UA_7', count: 1 }] },
    ]);
  });

  test('is narrowed by a filter, and finds nothing for nothing', async () => {
    expect((await search('wall e', { platforms: ['NETFLIX'] })).totalCount).toBe(0);
    expect((await search('brooklyn', { types: ['SERIES'], genres: ['comedy'] })).totalCount).toBe(1);
    expect((await search(' !! ')).totalCount).toBe(0);
    expect((await search('soon')).totalCount).toBe(0);
  });

  test('suggests titles', async () => {
    const suggestions = await content.get('{ suggest(prefix: "wal") { text content { title } } }');
    expect(suggestions).toEqual({ suggest: [{ text: 'WALL·E', content: { title: 'WALL·E' } }] });
  });
});

describe('catalogue', () => {
  const list = async (args: string) =>
    (
      await content.get<{ catalogue: WorkPage }>(
        `{ catalogue(${args}) { totalCount pageInfo { hasNextPage endCursor } edges { cursor node { title } } } }`,
      )
    ).catalogue;

  test.each([
    ['sort: RECENTLY_ADDED', ['Brooklyn Nine-Nine', 'WALL·E', 'Unrated Thing', 'Les Misérables']],
    ['sort: RELEASE_YEAR', ['Brooklyn Nine-Nine', 'Les Misérables', 'WALL·E', 'Unrated Thing']],
    ['sort: TITLE', ['Brooklyn Nine-Nine', 'Les Misérables', 'Unrated Thing', 'WALL·E']],
    ['sort: POPULARITY', ['WALL·E', 'Brooklyn Nine-Nine', 'Unrated Thing', 'Les Misérables']],
    ['sort: TITLE, filter: { maxMinAge: 13 }', ['Les Misérables', 'WALL·E']],
    ['sort: TITLE, filter: { releasedFrom: 2009, releasedTo: 2021 }', ['Brooklyn Nine-Nine', 'Les Misérables']],
    ['sort: TITLE, filter: { country: "IN", platforms: [HOTSTAR, PRIME_VIDEO] }', ['WALL·E']],
    ['sort: TITLE, filter: { country: "FR", platforms: [HOTSTAR, PRIME_VIDEO] }', []],
    [
      'sort: TITLE, filter: { genres: [], platforms: [], types: [MOVIE] }',
      ['Les Misérables', 'Unrated Thing', 'WALL·E'],
    ],
  ])('%s', async (args, expected) => {
    const page = await list(args);
    expect(titles(page)).toEqual(expected);
    expect(page.totalCount).toBe(expected.length);
  });

  test.each([
    ['first: 0', 'BAD_USER_INPUT'],
    ['first: 101', 'BAD_USER_INPUT'],
    ['after: "nonsense"', 'CURSOR_INVALID'],
    ['after: ""', 'CURSOR_INVALID'],
    ['filter: { country: "India" }', 'BAD_USER_INPUT'],
  ])('refuses %s', async (args, code) => {
    const { errors } = await content.ask(`{ catalogue(${args}) { totalCount } }`);
    expect(errors?.[0]?.originalError).toMatchObject({ code });
  });

  test('refuses the cursor of another order, and of another search', async () => {
    const { pageInfo } = await list('sort: TITLE, first: 1');
    const other = await content.ask(`{ catalogue(sort: RELEASE_YEAR, after: "${pageInfo.endCursor}") { totalCount } }`);
    expect(other.errors?.[0]?.originalError).toMatchObject({ code: 'CURSOR_INVALID' });
    const search = await content.ask(`{ search(query: "wall", after: "${pageInfo.endCursor}") { totalCount } }`);
    expect(search.errors?.[0]?.originalError).toMatchObject({ code: 'CURSOR_INVALID' });
  });

  test('a page goes on in its place while works come and go', async () => {
    const first = await list('sort: TITLE, first: 2');
    expect(first.pageInfo).toEqual({ hasNextPage: true, endCursor: first.edges[1]?.cursor });
    await content.sync(
      [
        remove('netflix:102', 2),
        upsert('netflix:106', 1, { title: 'Amélie' }),
        upsert('netflix:107', 1, { title: 'Up' }),
      ],
      5,
    );
    const next = await list(`sort: TITLE, first: 2, after: "${first.pageInfo.endCursor}"`);
    expect(titles(next)).toEqual(['Unrated Thing', 'Up']);
    const last = await list(`sort: TITLE, first: 2, after: "${next.pageInfo.endCursor}"`);
    expect([titles(last), last.pageInfo.hasNextPage]).toEqual([['WALL·E'], false]);
  });
});

test('the status counts records, works and what was put aside', async () => {
  await content.ports.log.publish('content_sync', [{ key: 'hotstar:999', value: '{"platform":"hotstar"}' }]);
  const query = '{ catalogueStatus { platform sourceRecords works quarantined lastSnapshotAt lastChangeAt } }';
  const status = await eventually<readonly { platform: string }[] | false>(async () => {
    const { catalogueStatus } = await content.get<{ catalogueStatus: { platform: string; quarantined: number }[] }>(
      query,
    );
    return catalogueStatus[2]?.quarantined === 1 && catalogueStatus;
  });
  if (!status) throw new Error('no status');
  expect(status[2]).toEqual({
    ...{ platform: 'HOTSTAR', sourceRecords: 3, works: 1, quarantined: 1, lastSnapshotAt: null, lastChangeAt: at(0) },
  });
  expect(status.map(({ platform }) => platform)).toEqual(['NETFLIX', 'PRIME_VIDEO', 'HOTSTAR']);
  const letters = [];
  for await (const { value } of content.ports.log.read({
    topic: deadLettersOf('content_sync'),
    partition: 0,
    fromOffset: 0,
  }))
    letters.push(`${value}`);
  expect(letters).toEqual(['{"platform":"hotstar"}']);
});

/** Counts every find of the works' collection. */
function countingReads(store: Store): Store {
  return {
    ping: () => store.ping(),
    close: () => store.close(),
    collection<T extends StoredDocument>(name: string) {
      return new Proxy(store.collection<T>(name), {
        get(target, property) {
          if (name === 'content' && (property === 'find' || property === 'findOne')) storeReads += 1;
          const value = Reflect.get(target, property);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    },
  };
}
