/** Under which names a title is found, through merges and splits. */
import { beforeEach, expect, test } from '@jest/globals';
import { Catalogue } from '../../../../subgraphs/recommendation/domain/catalogue.ts';
import { aWork } from '../works.ts';

let catalogue: Catalogue;
beforeEach(() => {
  catalogue = new Catalogue();
  for (const id of ['a', 'b', 'c']) catalogue.put(aWork(id));
});

test('by its id and by where it is to be watched', () => {
  expect(catalogue.find('a')?.id).toBe('a');
  expect(catalogue.find('netflix:n-a')?.id).toBe('a');
  expect(catalogue.resolve('n-a', 'netflix')).toBe('a');
  expect(catalogue.resolve('n-x', 'netflix')).toBe('netflix:n-x');
  expect(catalogue.find('x')).toBeUndefined();
});

test('a work that turned out to be another is found by its former id, over any number of merges', () => {
  catalogue.remove('a', 'b');
  expect([catalogue.find('a')?.id, catalogue.resolve('a', undefined)]).toEqual(['b', 'b']);
  catalogue.remove('b', 'c');
  expect([catalogue.find('a')?.id, catalogue.find('b')?.id, catalogue.size]).toEqual(['c', 'c', 1]);
});

test('a split gives the id back; what is removed for good is not found', () => {
  catalogue.remove('a', 'b');
  catalogue.put(aWork('a'));
  expect(catalogue.find('a')?.id).toBe('a');
  catalogue.remove('a');
  expect(catalogue.find('a')).toBeUndefined();
});

test('merges that name each other end', () => {
  catalogue.remove('a', 'b');
  catalogue.remove('b', 'a');
  expect(catalogue.find('a')).toBeUndefined();
});
