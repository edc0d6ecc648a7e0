import { expect, test } from '@jest/globals';
import type { SourceRecord } from '../../../schema/events/content-sync.ts';
import { contentOf, type Work } from '../../../subgraphs/content/domain/work.ts';
import { best, SearchIndex } from '../../../subgraphs/content/search-index.ts';
import { record } from './records.ts';

type Fields = Partial<SourceRecord> & { readonly title: string };

function work(id: string, fields: Fields): Work {
  const placed = [{ platform: 'netflix' as const, platformId: id, record: record(fields), seenAt: 0 }];
  const state = { isRemoved: false, version: 1, toldVersion: 1, mergedInto: null, lastRecord: null, updatedAt: 0 };
  return { id, ...contentOf(placed), ...state };
}

const CATALOGUE: Record<string, Fields> = {
  pink: { title: 'P!nk: All I Know So Far' },
  walle: { title: 'WALL·E' },
  b99: { title: 'Brooklyn Nine-Nine', cast: ['Andy Samberg'] },
  don: { title: 'Don', cast: ['Shah Rukh Khan'], genres: ['Thrillers'] },
  bat: { title: 'Bat Out of Hell', cast: ['Meatloaf'] },
  heist: { title: 'Money Heist', alternativeTitles: ['La Casa de Papel'] },
  things: { title: 'Stranger Things' },
  dark: { title: 'Dark' },
  knight: { title: 'The Dark Knight' },
};

function filled(): SearchIndex {
  const index = new SearchIndex();
  for (const [id, fields] of Object.entries(CATALOGUE)) index.set(work(id, fields));
  return index;
}
const index = filled();
const first = (query: string): string | undefined => best(index.search(query), 1)[0]?.id;

test.each([
  ['pink', 'pink'],
  ['p!nk', 'pink'],
  ['wall e', 'walle'],
  ['walle', 'walle'],
  ['brooklyn 99', 'b99'],
  ['andy sam', 'b99'],
  ['shahrukh', 'don'],
  ['shah rukh', 'don'],
  ['thriller', 'don'],
  ['meat loaf', 'bat'],
  ['casa de pap', 'heist'],
  ['stranger thngs', 'things'],
  ['strnger things', 'things'],
  ['dark', 'dark'],
  ['dark k', 'knight'],
  ['stranger things season nine', 'things'],
])('%p finds %p', (query, id) => expect(first(query)).toBe(id));

test('a suggestion is of titles only, those that begin with the prefix first, and forgives', () => {
  expect(best(index.suggest('d'), 5).map(({ id }) => id)).toEqual(expect.arrayContaining(['dark', 'don', 'knight']));
  expect(best(index.suggest('d'), 5).at(-1)?.id).not.toBe('dark');
  expect(index.suggest('khan')).toEqual([]);
  expect(index.suggest('strangr')[0]?.id).toBe('things');
});

test('a score does not change when other works come and go, and a deleted work is not found', () => {
  const own = filled();
  const before = own.search('dark');
  own.set(work('new', { title: 'Dark Waters' }));
  own.delete('pink');
  expect(own.search('dark')).toEqual(expect.arrayContaining([...before]));
  expect(own.search('pink')).toEqual([]);
  own.set(work('dark', { title: 'Light' }));
  expect(own.search('dark').map(({ id }) => id)).not.toContain('dark');
  expect(own.size).toBe(Object.keys(CATALOGUE).length);
});

test('the best are the same as the first of all in order', () => {
  const hits = [3, 1, 2, 3, 5, 4].map((score, i) => ({ id: `${i}`, document: i, score, fields: 0 }));
  expect(best(hits, 4).map(({ id }) => id)).toEqual(['4', '5', '0', '3']);
  expect(best(hits, 10)).toHaveLength(6);
});
