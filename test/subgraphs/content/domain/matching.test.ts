import { expect, test } from '@jest/globals';
import type { SourceRecord } from '../../../../schema/events/content-sync.ts';
import { MatchIndex } from '../../../../subgraphs/content/domain/match-index.ts';
import { compare, featuresOf, MATCH_THRESHOLD } from '../../../../subgraphs/content/domain/matching.ts';
import { record } from '../records.ts';

type Fields = Partial<SourceRecord> & { readonly title: string };
const score = (a: Fields, b: Fields): number => compare(featuresOf(record(a)), featuresOf(record(b))).score;

const NAMES = ['Anna Maria Horsford', 'Lee Child'];

test.each<[string, Fields, Fields]>([
  ['spelled alike', { title: 'Fukrey' }, { title: 'FUKREY' }],
  [
    'spelled by ear, cut by a censor',
    { title: 'Gori Tere Pyaar Mein' },
    { title: 'Gori Tere Pyar Mein', runtimeMinutes: 112 },
  ],
  ['a dub', { title: 'Majili' }, { title: 'Majili (Kannada)', edition: 'Kannada', runtimeMinutes: 121 }],
  ['a year later', { title: 'Raja Rani' }, { title: 'Raja Rani', releaseYear: 2016 }],
  [
    'first and latest season',
    { title: "Marvel's The Punisher", type: 'series', releaseYear: 2017, runtimeMinutes: null },
    { title: 'Marvel’s The Punisher', type: 'series', releaseYear: 2019, runtimeMinutes: null },
  ],
  [
    'the year far off, the people the same',
    { title: 'Brahms', cast: NAMES },
    { title: 'Brahms', cast: NAMES, releaseYear: 2019 },
  ],
])('one work: %s', (_, a, b) => {
  expect(score(a, b)).toBeGreaterThanOrEqual(MATCH_THRESHOLD);
  expect(score(b, a)).toBe(score(a, b));
});

test.each<[string, Fields, Fields]>([
  ['a film and a series', { title: 'Om Shanti Om' }, { title: 'Om Shanti Om', type: 'series' }],
  [
    'a remake',
    { title: 'The Nutty Professor', releaseYear: 1996 },
    { title: 'The Nutty Professor (1963)', releaseYear: 2015 },
  ],
  ['a short of the same name', { title: 'The Visit' }, { title: 'The Visit', runtimeMinutes: 10 }],
  ['nobody in common', { title: 'Worth', cast: NAMES }, { title: 'Worth', cast: ['Tom Sizemore', 'Pink'] }],
  ['a sequel', { title: 'ABCD 2', cast: NAMES }, { title: 'ABCD', cast: NAMES }],
  [
    'two of a series of specials',
    { title: 'Bill Hicks: Relentless', cast: NAMES },
    { title: 'Bill Hicks: Revelations', cast: NAMES, releaseYear: 2016 },
  ],
])('two works: %s', (_, a, b) => {
  expect(score(a, b)).toBeLessThan(MATCH_THRESHOLD);
});

test('evidence says what was compared', () => {
  const { reasons } = compare(
    featuresOf(record({ title: 'Stree', cast: NAMES })),
    featuresOf(record({ title: 'Stree', cast: NAMES })),
  );
  expect(reasons).toEqual(['title:equal', 'year:0', 'runtime:0', 'people:2']);
});

test('an index finds the work, keeps off the own record, and forgets what is removed', () => {
  const index = new MatchIndex();
  const stree = featuresOf(record({ title: 'Stree' }));
  index.add('netflix:1', stree, 'w_1');
  expect(index.find(stree, 'hotstar:9')).toMatchObject({ workId: 'w_1', matchedWith: 'netflix:1' });
  expect(index.find(stree, 'netflix:1')).toBeNull();
  index.remove('netflix:1');
  expect(index.find(stree, 'hotstar:9')).toBeNull();
  expect(index.size).toBe(0);
});

test('a record that contradicts one member stays off the work, and no work grows beyond twelve', () => {
  const index = new MatchIndex();
  index.add('netflix:1', featuresOf(record({ title: 'Home', cast: ['A B', 'C D'] })), 'w_1');
  index.add('netflix:2', featuresOf(record({ title: 'Home', cast: [] })), 'w_1');
  expect(index.find(featuresOf(record({ title: 'Home', releaseYear: 2022, cast: ['E F', 'G H'] })), 'x')).toBeNull();
  const pilot = featuresOf(record({ title: 'Pilot' }));
  for (let i = 0; i < 12; i += 1) index.add(`hotstar:${i}`, pilot, 'w_2');
  expect(index.find(pilot, 'x')).toBeNull();
});
