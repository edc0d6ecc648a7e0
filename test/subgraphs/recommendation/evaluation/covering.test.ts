import { expect, test } from '@jest/globals';
import { Catalogue } from '../../../../subgraphs/recommendation/domain/catalogue.ts';
import { Popularity } from '../../../../subgraphs/recommendation/domain/popularity.ts';
import { Snapshots } from '../../../../subgraphs/recommendation/domain/snapshot.ts';
import { covering, GenresTogether } from '../../../../subgraphs/recommendation/evaluation/covering.ts';
import { aWork, NOW } from '../works.ts';

/** Titles of these genres, each played as often as said. */
function together(titles: readonly (readonly [genres: readonly string[], plays: number])[]): GenresTogether {
  const catalogue = new Catalogue();
  for (const [i, [genres]] of titles.entries()) catalogue.put(aWork(`t${i}`, { genres: [...genres] }));
  const { index } = new Snapshots(catalogue, new Popularity()).at(NOW);
  const plays = Float32Array.from(index.works, ({ id }) => titles[Number(id.slice(1))]?.[1] ?? 0);
  return new GenresTogether(index, plays);
}

const named = (probabilities: Readonly<Record<string, number>>, genres: GenresTogether): string[] =>
  covering(
    Object.entries(probabilities).map(([genre, probability]) => ({ genre, probability })),
    genres,
  ).map(({ genre }) => genre);

test('a genre that comes with one already named gives way to one that does not', () => {
  const genres = together([
    [['action', 'adventure'], 800],
    [['action'], 100],
    [['comedy'], 400],
    [['drama'], 300],
  ]);
  expect(named({ action: 0.5, adventure: 0.45, comedy: 0.25, drama: 0.2 }, genres)).toEqual([
    'action',
    'comedy',
    'drama',
    'adventure',
  ]);
});

test('titles of one genre each: the most probable first', () => {
  const genres = together([
    [['a'], 5],
    [['b'], 9],
    [['c'], 0],
  ]);
  expect(named({ b: 0.5, a: 0.3, c: 0.2 }, genres)).toEqual(['b', 'a', 'c']);
});

test('genres that no title has, and none at all', () => {
  expect(named({ x: 0.6, y: 0.4 }, together([]))).toEqual(['x', 'y']);
  expect(named({}, together([]))).toEqual([]);
});
