import { expect, test } from '@jest/globals';
import { BoundedMap } from '../../platform/bounded-map.ts';

test('past its bound the first put in goes; a key that is there already pushes nobody out', () => {
  const map = new BoundedMap<string, number>(2);
  map.set('a', 1).set('b', 2).set('a', 3);
  expect([...map]).toEqual([
    ['a', 3],
    ['b', 2],
  ]);
  map.set('c', 4);
  expect([...map.keys()]).toEqual(['b', 'c']);
});
