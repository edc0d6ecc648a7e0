import { expect, test } from '@jest/globals';
import { countryCodes } from '../../../../subgraphs/content/domain/countries.ts';
import { canonicalGenres, meaningOf } from '../../../../subgraphs/content/domain/genres.ts';
import { bandOf, minAgeOf, strictestAge } from '../../../../subgraphs/content/domain/maturity.ts';
import { moodsOf } from '../../../../subgraphs/content/domain/moods.ts';

test('labels of three platforms become one vocabulary: what more of them say comes first, then the rarer', () => {
  const labels = [
    { platform: 'netflix', label: 'Dramas' },
    { platform: 'netflix', label: 'Sci-Fi & Fantasy' },
    { platform: 'prime_video', label: 'Science Fiction' },
    { platform: 'hotstar', label: 'Superhero' },
  ] as const;
  expect(canonicalGenres(labels)).toEqual(['sci_fi', 'superhero', 'fantasy', 'action', 'drama']);
});

test('a label that is no genre is a facet, and an unknown one is nothing', () => {
  expect(meaningOf('netflix', 'International Movies')).toMatchObject({ genres: [], facets: ['origin:international'] });
  expect(meaningOf('hotstar', 'Kabaddi').genres).toEqual(['sport']);
  expect(meaningOf('netflix', 'Basket Weaving')).toEqual({ genres: [], facets: [] });
});

test.each([
  ['TV-14', 14, 'UA_16'],
  ['R', 17, 'A'],
  ['AGES_18_', 18, 'A'],
  ['U/A 7+', 7, 'UA_7'],
  ['all', 0, 'U'],
  ['NR', null, 'UNRATED'],
  ['who knows', null, 'UNRATED'],
])('%p is for %p years and up', (label, age, band) => {
  expect(minAgeOf(label)).toBe(age);
  expect(bandOf(age)).toBe(band);
});

test('the strictest label counts, an unrated one does not loosen it', () => {
  expect(strictestAge(['U/A 13+', 'NR', 'TV-MA', 'U'])).toBe(17);
  expect(strictestAge(['NR'])).toBeNull();
});

test('countries become codes, each once, unknown ones left out', () => {
  expect(countryCodes(['United States', 'South Korea', 'West Germany', 'Germany', 'in', 'Atlantis'])).toEqual([
    ...['US', 'KR', 'DE', 'IN'],
  ]);
});

test('a mood says why', () => {
  const moods = moodsOf(['thriller'], 'A murder, and a family that keeps secrets.');
  expect(moods).toContainEqual({ tag: 'suspenseful', because: ['genre:thriller', 'word:murder'] });
  expect(moods).toContainEqual({ tag: 'mysterious', because: ['word:secrets'] });
  expect(moodsOf([], null)).toEqual([]);
});
