import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SourceRecord } from '../../../../schema/events/content-sync.ts';
import { MatchIndex } from '../../../../subgraphs/content/domain/match-index.ts';
import { compare, featuresOf, MATCH_THRESHOLD } from '../../../../subgraphs/content/domain/matching.ts';
import { habitsOf } from '../../../../subgraphs/content/domain/platform-habits.ts';
import { record } from '../records.ts';

type Fields = Partial<SourceRecord> & { readonly title: string };
const score = (a: Fields, b: Fields): number => compare(featuresOf(record(a)), featuresOf(record(b))).score;

const NAMES = ['Anna Maria Horsford', 'Lee Child', 'Ila Arun'];

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
  ['numbers in letters', { title: 'Tarzan II', runtimeMinutes: 70 }, { title: 'Tarzan 2', runtimeMinutes: 72 }],
  ['family names first', { title: 'Word of Honor', cast: NAMES }, { title: 'Word of Honor', cast: ['Child Lee'] }],
  [
    'told in full on one platform',
    { title: 'K.G.F', releaseYear: 2018, runtimeMinutes: 155 },
    { title: 'K.G.F: Chapter 1', releaseYear: 2018, runtimeMinutes: 155 },
  ],
  [
    'a word left out, the same story',
    { title: 'Prem Gajra Chilli Chicken', description: 'Sunil, a happy rickshaw driver, lives with Indu in a slum.' },
    {
      title: 'Prem Gajra Aur Chilli Chicken',
      description: 'Happy rickshaw driver Sunil has a content life with Indu.',
    },
  ],
  [
    'under another title',
    { title: 'Money Heist', alternativeTitles: ['La Casa de Papel'] },
    { title: 'La casa de papel', description: null },
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
  ['nobody in common', { title: 'Worth', cast: NAMES }, { title: 'Worth', cast: ['Tom Sizemore', 'Pink', 'Bai Ling'] }],
  ['a sequel in Roman numbers', { title: 'Rocky II', cast: NAMES }, { title: 'Rocky III', cast: NAMES }],
  [
    'a sequel with a subtitle',
    { title: 'Iron Sky', cast: NAMES, releaseYear: 2012 },
    { title: 'Iron Sky: The Coming Race', cast: NAMES, releaseYear: 2019 },
  ],
  ['a word in another’s place', { title: 'The End of the Tour' }, { title: 'The End of the Road' }],
  ['its second chapter', { title: 'K.G.F' }, { title: 'K.G.F: Chapter 2' }],
  [
    'a remake of the same story',
    {
      title: 'Murder on the Orient Express',
      releaseYear: 1974,
      description: 'Detective Hercule Poirot, on a snowbound train.',
    },
    {
      title: 'Murder on the Orient Express',
      releaseYear: 2017,
      description: 'Hercule Poirot, detective, on a snowbound train.',
    },
  ],
  ['a sequel', { title: 'ABCD 2', cast: NAMES }, { title: 'ABCD', cast: NAMES }],
  [
    'two of a series of specials',
    { title: 'Bill Hicks: Relentless', cast: NAMES },
    { title: 'Bill Hicks: Revelations', cast: NAMES, releaseYear: 2016 },
  ],
])('two works: %s', (_, a, b) => {
  expect(score(a, b)).toBeLessThan(MATCH_THRESHOLD);
});

test('where a record comes from decides what its year and runtime mean', () => {
  const of = (fields: Fields) => featuresOf(record(fields));
  const between = (a: Fields, b: Fields, keyA: string, keyB: string): number =>
    compare(of(a), of(b), habitsOf(keyA), habitsOf(keyB)).score;
  const uncut = { title: 'Begum Jaan', runtimeMinutes: 128 };
  const cut = { title: 'Begum Jaan', runtimeMinutes: 99 };
  expect(between(uncut, cut, 'prime_video:1', 'hotstar:1')).toBeGreaterThanOrEqual(MATCH_THRESHOLD);
  expect(between(uncut, cut, 'hotstar:1', 'prime_video:1')).toBeLessThan(MATCH_THRESHOLD);
  expect(between(cut, uncut, 'netflix:1', 'prime_video:1')).toBeLessThan(MATCH_THRESHOLD);
  const latest = {
    title: 'Elementary',
    type: 'series',
    releaseYear: 2019,
    seasonCount: 7,
    runtimeMinutes: null,
  } as const;
  const first = { ...latest, releaseYear: 2012 };
  const other = { ...latest, releaseYear: 2012, seasonCount: 1 };
  expect(between(latest, first, 'netflix:1', 'hotstar:1')).toBeGreaterThanOrEqual(MATCH_THRESHOLD);
  expect(between(first, { ...latest, releaseYear: 2030 }, 'netflix:1', 'hotstar:1')).toBeLessThan(MATCH_THRESHOLD);
  expect(between(first, other, 'netflix:1', 'netflix:2')).toBeLessThan(
    between(first, other, 'netflix:1', 'prime_video:2'),
  );
});

test('a comparison is symmetric, whatever the records', () => {
  const some = fc.record({
    title: fc.constantFrom(
      'Don',
      'Don 2',
      'Dum',
      'K.G.F: Chapter 1',
      'K.G.F',
      'The Office (US)',
      'Gori Tere Pyaar Mein',
    ),
    type: fc.constantFrom('movie' as const, 'series' as const),
    releaseYear: fc.option(fc.integer({ min: 1990, max: 2023 })),
    runtimeMinutes: fc.option(fc.integer({ min: 1, max: 200 })),
    seasonCount: fc.option(fc.integer({ min: 1, max: 10 })),
    cast: fc.subarray(['A B', 'C D', 'E F', 'B A']),
    edition: fc.constantFrom(null, 'Hindi'),
  });
  const key = fc.constantFrom('netflix:1', 'prime_video:1', 'hotstar:1');
  fc.assert(
    fc.property(some, some, key, key, (left, right, keyA, keyB) => {
      const [a, b] = [featuresOf(record(left)), featuresOf(record(right))];
      const [ofA, ofB] = [habitsOf(keyA), habitsOf(keyB)];
      expect(compare(a, b, ofA, ofB)).toEqual(compare(b, a, ofB, ofA));
    }),
  );
});

test('evidence says what was compared', () => {
  const { reasons } = compare(
    featuresOf(record({ title: 'Stree', cast: NAMES })),
    featuresOf(record({ title: 'Stree', cast: NAMES })),
  );
  expect(reasons).toEqual(['title:equal', 'year:0', 'runtime:0', 'people:3']);
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
  index.add('netflix:1', featuresOf(record({ title: 'Home', cast: ['A B', 'C D', 'G G'] })), 'w_1');
  index.add('netflix:2', featuresOf(record({ title: 'Home', cast: [] })), 'w_1');
  expect(
    index.find(featuresOf(record({ title: 'Home', releaseYear: 2022, cast: ['E F', 'G H', 'I J'] })), 'x'),
  ).toBeNull();
  const pilot = featuresOf(record({ title: 'Pilot' }));
  for (let i = 0; i < 12; i += 1) index.add(`hotstar:${i}`, pilot, 'w_2');
  expect(index.find(pilot, 'x')).toBeNull();
});
