import { expect, test } from '@jest/globals';
import { isSameTitleStill } from '../../../../subgraphs/content/domain/renames.ts';
import { record } from '../records.ts';

const CAST = { cast: ['Rajkummar Rao', 'Shraddha Kapoor'] };
const PLOT = { description: 'A troubled painter inherits a lighthouse, where strange letters arrive every midnight.' };

test.each([
  ['a corrected spelling', { title: 'Amelie' }, { title: 'Amélie' }],
  ['another name, the same people', { title: 'Dearest Boy', ...CAST }, { title: "A'azz El Weld", ...CAST }],
  ['another name, the same description', { title: 'Lights', ...PLOT }, { title: 'Luces', ...PLOT }],
  ['a year put right, the same people', { title: 'Stree', releaseYear: 2008, ...CAST }, { title: 'Stree', ...CAST }],
])('one title still: %s', (_, before, now) => {
  expect(isSameTitleStill(record(before), record(now))).toBe(true);
});

test.each([
  ['another name and nothing in common', { title: 'Chef' }, { title: 'Stree' }],
  ['one actor in common', { title: 'Chef', cast: ['A B', 'C D'] }, { title: 'Stree', cast: ['A B', 'E F'] }],
  ['a film and a series', { title: 'Fargo' }, { title: 'Fargo', type: 'series' as const }],
  ['a remake', { title: 'Chef', releaseYear: 1990 }, { title: 'Chef', releaseYear: 2014 }],
])('another title: %s', (_, before, now) => {
  expect(isSameTitleStill(record(before), record(now))).toBe(false);
});
