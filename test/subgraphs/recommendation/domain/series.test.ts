import { expect, test } from '@jest/globals';
import { seriesOf, spreadSeries } from '../../../../subgraphs/recommendation/domain/series.ts';

test.each([
  ['Dhoom', 'Dhoom 2', 'Dhoom: 3'],
  ['Rocky', 'Rocky II', 'Rocky IV'],
  ['The Hunger Games', 'The Hunger Games: Catching Fire', 'The Hunger Games: Mockingjay - Part 2'],
  ['Stranger Things', 'Stranger Things Season 2', 'Stranger Things (2016)'],
])('%s, %s and %s are one series', (...titles) => {
  expect(new Set(titles.map(seriesOf)).size).toBe(1);
});

test('other titles are not: neither by a short name nor by a year within', () => {
  const titles = ['It', 'Up', '1917', '2012', 'Blade Runner', 'Drive', 'The Drive', '9', 'Se7en'];
  expect(new Set(titles.map(seriesOf)).size).toBe(titles.length);
});

test('of each series the first few stay, the others go after all', () => {
  const titles = ['Rocky', 'Rocky II', 'Alien', 'Rocky III', 'Rocky IV', 'Heat'];
  const { within, beyond } = spreadSeries([0, 1, 2, 3, 4, 5], (row) => titles[row] ?? '', 3);
  expect(within).toEqual([0, 1, 2, 3, 5]);
  expect(beyond).toEqual([4]);
});
